package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// How long entries are kept.
const (
	lookupMonths = 18
	requestDays  = 90
)

// Client are the calls of DynamoDB that the store makes.
type Client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Store is the two tables.
type Store struct {
	client   Client
	lookups  string
	requests string
	clock    func() time.Time
}

// New returns the store in the tables of those names. A function that makes no helpdesk requests may give "" for
// theirs.
func New(client Client, lookupsTable, requestsTable string, clock func() time.Time) *Store {
	return &Store{client, lookupsTable, requestsTable, clock}
}

// unrecorded is the condition on which an entry may be written: there is none, or it has expired.
const unrecorded = "attribute_not_exists(#lookupId) OR #expiresAt <= :now"

var unrecordedNames = map[string]string{"#lookupId": "lookupId", "#expiresAt": "expiresAt"}

func (s *Store) unrecordedValues() attribute.Item {
	return attribute.Item{":now": attribute.Epoch(s.clock())}
}

// Recorded returns what is recorded about a lookup.
func (s *Store) Recorded(ctx context.Context, lookupID string) (lookup.Recorded, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:            aws.String(s.lookups),
		Key:                  key(lookupID),
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("#outcome, #expiresAt, #unlockOutcome, #trn, #receivedAt, #evidence"),
		ExpressionAttributeNames: map[string]string{"#outcome": "outcome", "#expiresAt": "expiresAt",
			"#unlockOutcome": "unlockOutcome", "#trn": "trn", "#receivedAt": "receivedAt", "#evidence": "evidence"},
	})
	if err != nil {
		return lookup.Recorded{}, cloud.Failure("get lookup", err)
	}
	if attribute.Expired(out.Item, s.clock()) {
		return lookup.Recorded{}, nil
	}
	recorded := lookup.Recorded{Outcome: outcomeOf(out.Item)}
	if recorded.Outcome == lookup.TRNSent && decisionOf(out.Item).IsZero() {
		if recorded.Undecided, err = matchOf(lookupID, out.Item); err != nil {
			return lookup.Recorded{}, err
		}
	}
	return recorded, nil
}

// matchOf returns the match that an entry records, without email and name.
func matchOf(lookupID string, item attribute.Item) (*message.Match, error) {
	trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
	if err != nil {
		return nil, fmt.Errorf("recorded match: trn: %w", err)
	}
	at, err := time.Parse(message.TimeFormat, attribute.Text(item, "receivedAt"))
	if err != nil {
		return nil, fmt.Errorf("recorded match: receivedAt: %w", err)
	}
	return &message.Match{LookupID: lookupID, TRN: trn, MatchedAt: at, Evidence: attribute.Texts(item, "evidence")}, nil
}

// RecordNoMatch records a lookup that matched nothing, unless one with its id is recorded; it returns the
// recorded outcome.
func (s *Store) RecordNoMatch(ctx context.Context, lookupID string, at time.Time) (lookup.Outcome, error) {
	recorded, err := s.putNew(ctx, "put lookup", s.lookups, lookupItem(lookupID, lookup.NoMatch, at))
	if err != nil {
		return "", err
	}
	if recorded == nil {
		return lookup.NoMatch, nil
	}
	return outcomeOf(recorded), nil
}

// RecordSeveral records a lookup that matched several records together with its request to the helpdesk, or neither if
// a lookup with its id is recorded; it returns the recorded outcome.
func (s *Store) RecordSeveral(ctx context.Context, r lookup.HelpdeskRequest) (lookup.Outcome, error) {
	reasons, err := s.transact(ctx, "record several",
		types.TransactWriteItem{Put: &types.Put{
			TableName:                           aws.String(s.lookups),
			Item:                                lookupItem(r.LookupID, lookup.Helpdesk, r.RequestedAt),
			ConditionExpression:                 aws.String(unrecorded),
			ExpressionAttributeNames:            unrecordedNames,
			ExpressionAttributeValues:           s.unrecordedValues(),
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		types.TransactWriteItem{Put: &types.Put{
			TableName:                 aws.String(s.requests),
			Item:                      requestItem(r),
			ConditionExpression:       aws.String(unrecorded),
			ExpressionAttributeNames:  unrecordedNames,
			ExpressionAttributeValues: s.unrecordedValues(),
		}})
	if err != nil {
		return "", err
	}
	if reasons == nil {
		return lookup.Helpdesk, nil
	}
	if recorded := reasons[0].Item; len(recorded) > 0 {
		return outcomeOf(recorded), nil
	}
	return "", fmt.Errorf("record several: %w", fault.Conflict)
}

// RecordHelpdeskRequest keeps a request, unless one is kept for the lookup; it returns the one that is kept.
func (s *Store) RecordHelpdeskRequest(ctx context.Context, r lookup.HelpdeskRequest) (lookup.HelpdeskRequest, error) {
	kept, err := s.putNew(ctx, "put helpdesk request", s.requests, requestItem(r))
	if err != nil {
		return lookup.HelpdeskRequest{}, err
	}
	if kept == nil {
		return r, nil
	}
	return requestOf(kept)
}

// HelpdeskRequest returns the request that is kept for a lookup, or an error that wraps fault.NotFound.
func (s *Store) HelpdeskRequest(ctx context.Context, lookupID string) (lookup.HelpdeskRequest, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      aws.String(s.requests),
		Key:            key(lookupID),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return lookup.HelpdeskRequest{}, cloud.Failure("get helpdesk request", err)
	}
	if len(out.Item) == 0 || attribute.Expired(out.Item, s.clock()) {
		return lookup.HelpdeskRequest{}, fault.New(fault.NotFound, "request_is_gone")
	}
	return requestOf(out.Item)
}

// putNew writes an item under an id that has none yet, or only an expired one. It returns the item that prevented the
// write, nil if it was written.
func (s *Store) putNew(ctx context.Context, doing, table string, item attribute.Item) (attribute.Item, error) {
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           aws.String(table),
		Item:                                item,
		ConditionExpression:                 aws.String(unrecorded),
		ExpressionAttributeNames:            unrecordedNames,
		ExpressionAttributeValues:           s.unrecordedValues(),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err != nil {
		return cloud.StoppingItem(doing, err)
	}
	return nil, nil
}

func key(lookupID string) attribute.Item {
	return attribute.Item{"lookupId": attribute.String(lookupID)}
}

// Prime opens a connection to DynamoDB by reading an entry that cannot exist.
func (s *Store) Prime(ctx context.Context) error {
	_, err := s.Recorded(ctx, "prime")
	return err
}
