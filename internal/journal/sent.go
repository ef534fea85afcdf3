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
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// sentAttribute is the attribute for the time of an email of a kind. A kind that is about no lookup has none.
var sentAttribute = map[message.Kind]string{
	message.KindTRN:             "trnEmailedAt",
	message.KindUnlocked:        "unlockEmailedAt",
	message.KindHelpdeskRequest: "requestEmailedAt",
	message.KindHelpdeskTicket:  "ticketEmailedAt",
	message.KindOwnerNotice:     "ownerEmailedAt",
}

// Email returns the recorded match of a lookup, zero if it is none, and reports whether an email of a kind is recorded
// as sent for it.
func (s *Store) Email(ctx context.Context, lookupID string, kind message.Kind) (match unlocking.Recorded, sent bool, err error) {
	sentAt, ok := sentAttribute[kind]
	if !ok {
		return unlocking.Recorded{}, false, nil
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:            aws.String(s.lookups),
		Key:                  key(lookupID),
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("#sent, #outcome, #trn, #email"),
		ExpressionAttributeNames: map[string]string{"#sent": sentAt, "#outcome": "outcome", "#trn": "trn",
			"#email": "email"},
	})
	if err != nil {
		return unlocking.Recorded{}, false, cloud.Failure("get sent time", err)
	}
	if outcomeOf(out.Item) == lookup.TRNSent {
		if match, err = recordedOf(out.Item); err != nil {
			return unlocking.Recorded{}, false, err
		}
	}
	return match, attribute.Text(out.Item, sentAt) != "", nil
}

// RecordEmailSent records when an email of a kind was sent for a lookup, unless a time is recorded. If the lookup is
// gone, or the kind is about no lookup, it records nothing.
func (s *Store) RecordEmailSent(ctx context.Context, lookupID string, kind message.Kind, at time.Time) error {
	if sentAttribute[kind] == "" {
		return nil
	}
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

// RecordDelivery records what became of the email with a lookup's TRN at a time of Notify's, unless a later time is
// recorded or there is no such lookup.
func (s *Store) RecordDelivery(ctx context.Context, lookupID string, delivery message.Delivery, at time.Time) error {
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:           aws.String(s.lookups),
		Key:                 key(lookupID),
		UpdateExpression:    aws.String("SET #delivery = :delivery, #at = :at"),
		ConditionExpression: aws.String("attribute_exists(#lookupId) AND (attribute_not_exists(#at) OR #at < :at)"),
		ExpressionAttributeNames: map[string]string{"#lookupId": "lookupId", "#delivery": "trnDelivery",
			"#at": "trnDeliveryAt"},
		ExpressionAttributeValues: attribute.Item{":delivery": attribute.String(string(delivery)), ":at": attribute.Time(at)},
	})
	var failed *types.ConditionalCheckFailedException
	if err == nil || errors.As(err, &failed) {
		return nil
	}
	return cloud.Failure("record delivery", err)
}
