package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Client are the calls of DynamoDB that a load makes.
type Client interface {
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// Store is the `teachers` table as a load writes it. Its layout is in package register.
type Store struct {
	client Client
	table  string
}

// NewStore is the store in the table of that name.
func NewStore(client Client, table string) *Store { return &Store{client, table} }

// maxBatch is the most items that DynamoDB reads in one call.
const maxBatch = 100

// patience is how often a call that DynamoDB did not do, or not to the end, is made again, after the SDK's own
// attempts.
const patience = 8

// read reads records as they are now, at most maxBatch, each TRN once. Those that do not exist are not in the answer.
func (s *Store) read(ctx context.Context, trns []teacher.TRN) (map[teacher.TRN]attribute.Item, error) {
	keys := make([]map[string]types.AttributeValue, len(trns))
	for i, trn := range trns {
		keys[i] = key(trn)
	}
	found := make(map[teacher.TRN]attribute.Item, len(trns))
	for attempt := range patience {
		// Consistent, because a row of the same file may have been written a moment ago.
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			s.table: {Keys: keys, ConsistentRead: aws.Bool(true)},
		}})
		switch failure := cloud.Failure("read records", err); {
		case failure == nil:
		case !transient(failure) || attempt == patience-1:
			return nil, failure
		default:
			if err := pause(ctx, attempt); err != nil {
				return nil, err
			}
			continue
		}
		for _, item := range out.Responses[s.table] {
			trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
			if err != nil {
				return nil, fmt.Errorf("read records: trn: %w", err)
			}
			found[trn] = item
		}
		if keys = out.UnprocessedKeys[s.table].Keys; len(keys) == 0 {
			return found, nil
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("read records: %w", fault.Throttled)
}

// asRead are the attributes that a decision is made from and that others than a load change, or by which a change of
// the rest shows. A decision is written only if each is still as it was read.
var asRead = []string{"updatedAt", "status", "locked", "unlockedAt"}

// write writes a decision about the record as it was read, nil if it did not exist. If the record is no longer as it
// was read, nothing is written, and write gives it as it is now.
func (s *Store) write(ctx context.Context, trn teacher.TRN, set []fact, stored attribute.Item) (changed bool, now attribute.Item, err error) {
	in := s.update(trn, set, stored)
	for attempt := 0; ; attempt++ {
		_, err := s.client.UpdateItem(ctx, in)
		var failed *types.ConditionalCheckFailedException
		if errors.As(err, &failed) {
			return false, failed.Item, nil
		}
		failure := cloud.Failure("write record", err)
		if failure == nil {
			return true, nil, nil
		}
		// An unlock is being written at this very moment.
		var conflict *types.TransactionConflictException
		if !errors.As(err, &conflict) && !transient(failure) || attempt == patience-1 {
			return false, nil, failure
		}
		if err := pause(ctx, attempt); err != nil {
			return false, nil, err
		}
	}
}

// transient tells whether a call may do later what it did not now. If it did it after all and only the answer was
// lost, then a write that is tried again finds its own record, and has nothing to do.
func transient(err error) bool {
	return errors.Is(err, fault.Throttled) || errors.Is(err, fault.Unavailable)
}

func (s *Store) update(trn teacher.TRN, set []fact, stored attribute.Item) *dynamodb.UpdateItemInput {
	names, values := make(map[string]string, len(set)+len(asRead)), make(attribute.Item, len(set)+len(asRead))
	var sets, removes, conditions []string
	for _, f := range set {
		names["#"+f.name] = f.name
		if f.value == nil {
			removes = append(removes, "#"+f.name)
			continue
		}
		values[":"+f.name] = f.value
		sets = append(sets, "#"+f.name+" = :"+f.name)
	}
	if stored == nil {
		names["#trn"] = "trn"
		conditions = []string{"attribute_not_exists(#trn)"}
	} else {
		for _, name := range asRead {
			names["#"+name] = name
			if value, ok := stored[name]; ok {
				values[":read_"+name] = value
				conditions = append(conditions, "#"+name+" = :read_"+name)
			} else {
				conditions = append(conditions, "attribute_not_exists(#"+name+")")
			}
		}
	}
	expression := "SET " + strings.Join(sets, ", ")
	if len(removes) > 0 {
		expression += " REMOVE " + strings.Join(removes, ", ")
	}
	return &dynamodb.UpdateItemInput{
		TableName:                           aws.String(s.table),
		Key:                                 key(trn),
		UpdateExpression:                    aws.String(expression),
		ConditionExpression:                 aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
}

// active gives the TRN of every active record of one part of the table's parts.
func (s *Store) active(ctx context.Context, part, parts int, each func(teacher.TRN)) error {
	in := &dynamodb.ScanInput{
		TableName:                 aws.String(s.table),
		ProjectionExpression:      aws.String("#trn"),
		FilterExpression:          aws.String("#status = :active"),
		ExpressionAttributeNames:  map[string]string{"#trn": "trn", "#status": "status"},
		ExpressionAttributeValues: attribute.Item{":active": attribute.String(string(teacher.Active))},
		Segment:                   aws.Int32(int32(part)),
		TotalSegments:             aws.Int32(int32(parts)),
	}
	for {
		out, err := s.client.Scan(ctx, in)
		if err != nil {
			return cloud.Failure("list active records", err)
		}
		for _, item := range out.Items {
			trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
			if err != nil {
				return fmt.Errorf("list active records: trn: %w", err)
			}
			each(trn)
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return nil
		}
	}
}

func key(trn teacher.TRN) attribute.Item {
	return attribute.Item{"trn": attribute.String(trn.Digits())}
}

// pause waits before another attempt, longer each time, for a random part of it.
func pause(ctx context.Context, attempt int) error {
	most := min(20*time.Millisecond<<attempt, 2*time.Second)
	timer := time.NewTimer(rand.N(most))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
