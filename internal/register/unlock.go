package register

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// judged are the attributes that the rules of unlocking judge: an unlock is written only if each still is as it
// was read.
var judged = []string{"locked", "status", "alerts", "inDoubtSince", "formerTrns"}

// Account reads an account as it is now. A record that does not exist has its TRN and nothing else.
func (s *Store) Account(ctx context.Context, trn teacher.TRN) (unlocking.Snapshot, error) {
	names := map[string]string{}
	for _, name := range judged {
		names["#"+name] = name
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(s.table),
		Key:                      key(trn),
		ConsistentRead:           aws.Bool(true),
		ProjectionExpression:     aws.String("#" + strings.Join(judged, ", #")),
		ExpressionAttributeNames: names,
	})
	if err != nil {
		return unlocking.Snapshot{}, cloud.Failure("get account", err)
	}
	return unlocking.Snapshot{Account: account(trn, out.Item), AsRead: out.Item}, nil
}

// Unlock is the write that unlocks an account, on condition that it is locked and active and that everything
// judged is as it was read. The caller makes it part of a transaction.
func (s *Store) Unlock(account unlocking.Snapshot, lookupID string, at time.Time) (types.TransactWriteItem, error) {
	read, ok := account.AsRead.(attribute.Item)
	if !ok {
		return types.TransactWriteItem{}, fmt.Errorf("unlock: the snapshot is not of this store: %T", account.AsRead)
	}
	names := map[string]string{"#trn": "trn", "#unlockedAt": "unlockedAt", "#unlockedBy": "unlockedBy"}
	values := attribute.Item{
		":false": attribute.Bool(false), ":true": attribute.Bool(true),
		":active": attribute.String(string(teacher.Active)),
		":at":     attribute.Time(at), ":by": attribute.String(lookupID),
	}
	conditions := append([]string{"attribute_exists(#trn)", "#locked = :true", "#status = :active"}, asRead(read, names, values, judged)...)
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                           aws.String(s.table),
		Key:                                 key(account.Account.TRN),
		UpdateExpression:                    aws.String("SET #locked = :false, #unlockedAt = :at, #unlockedBy = :by"),
		ConditionExpression:                 aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureNone,
	}}, nil
}
