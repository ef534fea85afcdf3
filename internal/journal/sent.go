package journal

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/message"
)

// sentAttribute is where the time of an email of a kind stands.
var sentAttribute = map[message.Kind]string{
	message.KindTRN:             "trnEmailedAt",
	message.KindUnlocked:        "unlockEmailedAt",
	message.KindHelpdeskRequest: "requestEmailedAt",
}

// EmailSentAt tells whether an email of a kind was sent for a lookup.
func (s *Store) EmailSentAt(ctx context.Context, lookupID string, kind message.Kind) (bool, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(s.lookups),
		Key:                      key(lookupID),
		ConsistentRead:           aws.Bool(true),
		ProjectionExpression:     aws.String("#sent"),
		ExpressionAttributeNames: map[string]string{"#sent": sentAttribute[kind]},
	})
	if err != nil {
		return false, cloud.Failure("get sent time", err)
	}
	return attribute.Text(out.Item, sentAttribute[kind]) != "", nil
}

// RecordEmailSent records when an email of a kind was sent for a lookup, unless a time is recorded. Where the
// lookup itself is gone there is nothing to record.
func (s *Store) RecordEmailSent(ctx context.Context, lookupID string, kind message.Kind, at time.Time) error {
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(s.lookups),
		Key:                       key(lookupID),
		UpdateExpression:          aws.String("SET #sent = :at"),
		ConditionExpression:       aws.String("attribute_exists(#lookupId) AND attribute_not_exists(#sent)"),
		ExpressionAttributeNames:  map[string]string{"#lookupId": "lookupId", "#sent": sentAttribute[kind]},
		ExpressionAttributeValues: attribute.Item{":at": attribute.Time(at)},
	})
	var failed *types.ConditionalCheckFailedException
	if err == nil || errors.As(err, &failed) {
		return nil
	}
	return cloud.Failure("record sent time", err)
}
