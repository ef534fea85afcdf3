package register

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/teacher"
)

// judged are the attributes that the rules of unlocking judge. An unlock is written only if each is still as it was
// read.
var judged = []string{"locked", "status", "alerts", "inDoubtSince", "formerTrns"}

// Snapshot is an account as it was read: what the rules judge, and the attributes that its unlock compares.
type Snapshot struct {
	account teacher.Account
	read    attribute.Item
}

// Account returns what the rules judge.
func (s Snapshot) Account() teacher.Account { return s.account }

// Account reads an account as it is now. A record that does not exist has its TRN and nothing else.
func (s *Store) Account(ctx context.Context, trn teacher.TRN) (Snapshot, error) {
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
		return Snapshot{}, cloud.Failure("get account", err)
	}
	return Snapshot{account(trn, out.Item), out.Item}, nil
}

// Unlock returns the write that unlocks an account, on condition that it is locked and active and that everything
// judged is as it was read. The caller makes it part of a transaction.
func (s *Store) Unlock(account Snapshot, lookupID string, at time.Time) types.TransactWriteItem {
	names := map[string]string{"#trn": "trn", "#unlockedAt": "unlockedAt", "#unlockedBy": "unlockedBy"}
	values := attribute.Item{
		":false": attribute.Bool(false), ":true": attribute.Bool(true),
		":active": attribute.String(string(teacher.Active)),
		":at":     attribute.Time(at), ":by": attribute.String(lookupID),
	}
	conditions := append([]string{"attribute_exists(#trn)", "#locked = :true", "#status = :active"}, asRead(account.read, names, values, judged)...)
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                           aws.String(s.table),
		Key:                                 key(account.account.TRN),
		UpdateExpression:                    aws.String("SET #locked = :false, #unlockedAt = :at, #unlockedBy = :by"),
		ConditionExpression:                 aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureNone,
	}}
}
