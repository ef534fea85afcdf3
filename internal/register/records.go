package register

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/time/rate"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/teacher"
)

// RecordsClient are the calls of DynamoDB that a load makes.
type RecordsClient interface {
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// Records is the `teachers` table as a load reads and writes it: whole records, many at a time.
type Records struct {
	client RecordsClient
	table  string
	paces  struct{ reads, writes *rate.Limiter } // nil: as fast as the table takes it

	mu     sync.Mutex
	reads  float64
	writes float64
}

// NewRecords returns the records of the table of that name.
func NewRecords(client RecordsClient, table string) *Records {
	return &Records{client: client, table: table}
}

// Pace limits reads and writes to a number of units a second each, including those of the indexes, so that a load
// leaves the rest of the table's capacity to lookups. It must be called before the records are used.
func (r *Records) Pace(readUnits, writeUnits int) {
	pace := func(units, largest int) *rate.Limiter {
		return rate.NewLimiter(rate.Limit(units*parts), max(units, largest)*parts)
	}
	r.paces.reads, r.paces.writes = pace(readUnits, largestRead), pace(writeUnits, largestWrite)
}

const (
	// largestRead is the most units of one read: 16 MB, consistent.
	largestRead = 16 * 256
	// largestWrite is the most units of one write: 400 KB, in the table and each of its three indexes.
	largestWrite = 4 * 400
	// parts of a unit are what a limiter counts, so that a call is not rounded up by much.
	parts = 10
)

// Units returns how many read and write units the table has counted so far.
func (r *Records) Units() (reads, writes float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads, r.writes
}

// spent adds the units of a call to total and, if there is a pace, waits until they are within it.
func (r *Records) spent(ctx context.Context, total *float64, pace *rate.Limiter, capacity ...types.ConsumedCapacity) error {
	units := 0.0
	for _, c := range capacity {
		units += aws.ToFloat64(c.CapacityUnits)
	}
	r.mu.Lock()
	*total += units
	r.mu.Unlock()
	if pace == nil {
		return nil
	}
	return pace.WaitN(ctx, min(int(math.Ceil(units*parts)), pace.Burst()))
}

// MaxRead is the most records that DynamoDB reads in one call.
const MaxRead = 100

// attempts is how often a failed or partly failed call is made, on top of the SDK's own attempts.
const attempts = 8

// Read reads records as they are now, at most MaxRead, each TRN once. Records that do not exist are not in the map.
func (r *Records) Read(ctx context.Context, trns []teacher.TRN) (map[teacher.TRN]attribute.Item, error) {
	keys := make([]map[string]types.AttributeValue, len(trns))
	for i, trn := range trns {
		keys[i] = key(trn)
	}
	found := make(map[teacher.TRN]attribute.Item, len(trns))
	for attempt := range attempts {
		// Consistent, because a row of the same file may have been written a moment ago.
		out, err := r.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			r.table: {Keys: keys, ConsistentRead: aws.Bool(true)},
		}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
		switch failure := cloud.Failure("read records", err); {
		case failure == nil:
		case !transient(failure) || attempt == attempts-1:
			return nil, failure
		default:
			if err := pause(ctx, attempt); err != nil {
				return nil, err
			}
			continue
		}
		if err := r.spent(ctx, &r.reads, r.paces.reads, out.ConsumedCapacity...); err != nil {
			return nil, err
		}
		for _, item := range out.Responses[r.table] {
			trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
			if err != nil {
				return nil, fmt.Errorf("read records: trn: %w", err)
			}
			found[trn] = item
		}
		if keys = out.UnprocessedKeys[r.table].Keys; len(keys) == 0 {
			return found, nil
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("read records: %w", fault.Throttled)
}

// Change is an attribute and the value that it gets; nil removes it.
type Change struct {
	Name  string
	Value types.AttributeValue
}

// changedByOthers are the attributes that other writers than this load change, or that show a change of the rest.
var changedByOthers = []string{"updatedAt", "status", "locked", "unlockedAt", "inDoubtSince"}

// Write makes changes to a record on condition that it is still as it was read, stored, which is nil if it did not
// exist: the attributes that others change, and those named in compared. If it is not, nothing is written, and Write
// returns the record as it is now.
func (r *Records) Write(ctx context.Context, trn teacher.TRN, changes []Change, stored attribute.Item, compared ...string) (written bool, now attribute.Item, err error) {
	in := r.update(trn, changes, stored, compared)
	for attempt := 0; ; attempt++ {
		out, err := r.client.UpdateItem(ctx, in)
		var failed *types.ConditionalCheckFailedException
		if errors.As(err, &failed) {
			return false, failed.Item, nil
		}
		failure := cloud.Failure("write record", err)
		if failure == nil {
			return true, nil, r.spent(ctx, &r.writes, r.paces.writes, capacities(out.ConsumedCapacity)...)
		}
		// In conflict with a transaction, an unlock is being written at this very moment.
		if !transient(failure) || attempt == attempts-1 {
			return false, nil, failure
		}
		if err := pause(ctx, attempt); err != nil {
			return false, nil, err
		}
	}
}

func capacities(capacity *types.ConsumedCapacity) []types.ConsumedCapacity {
	if capacity == nil {
		return nil
	}
	return []types.ConsumedCapacity{*capacity}
}

// transient reports whether a failed call may succeed later. If the call took effect and only its answer was lost, a
// repeated write finds its own record and changes nothing.
func transient(err error) bool {
	return errors.Is(err, fault.Throttled) || errors.Is(err, fault.Unavailable)
}

func (r *Records) update(trn teacher.TRN, changes []Change, stored attribute.Item, compared []string) *dynamodb.UpdateItemInput {
	names, values := make(map[string]string, len(changes)+8), make(attribute.Item, len(changes)+8)
	var sets, removes, conditions []string
	for _, c := range changes {
		names["#"+c.Name] = c.Name
		if c.Value == nil {
			removes = append(removes, "#"+c.Name)
			continue
		}
		values[":"+c.Name] = c.Value
		sets = append(sets, "#"+c.Name+" = :"+c.Name)
	}
	if stored == nil {
		names["#trn"] = "trn"
		conditions = []string{"attribute_not_exists(#trn)"}
	} else {
		conditions = asRead(stored, names, values, append(slices.Clone(changedByOthers), compared...))
	}
	var expression []string
	if len(sets) > 0 {
		expression = append(expression, "SET "+strings.Join(sets, ", "))
	}
	if len(removes) > 0 {
		expression = append(expression, "REMOVE "+strings.Join(removes, ", "))
	}
	return &dynamodb.UpdateItemInput{
		TableName:                           aws.String(r.table),
		Key:                                 key(trn),
		UpdateExpression:                    aws.String(strings.Join(expression, " ")),
		ConditionExpression:                 aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	}
}

// Active calls each with the TRN of every active record of one of the segments of the table.
func (r *Records) Active(ctx context.Context, part, segments int, each func(teacher.TRN)) error {
	in := &dynamodb.ScanInput{
		TableName:                 aws.String(r.table),
		ProjectionExpression:      aws.String("#trn"),
		FilterExpression:          aws.String("#status = :active"),
		ExpressionAttributeNames:  map[string]string{"#trn": "trn", "#status": "status"},
		ExpressionAttributeValues: attribute.Item{":active": attribute.String(string(teacher.Active))},
		Segment:                   aws.Int32(int32(part)),
		TotalSegments:             aws.Int32(int32(segments)),
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	for {
		out, err := r.client.Scan(ctx, in)
		if err != nil {
			return cloud.Failure("list active records", err)
		}
		if err := r.spent(ctx, &r.reads, r.paces.reads, capacities(out.ConsumedCapacity)...); err != nil {
			return err
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

// pause waits before another attempt: a random time within a bound that grows with each attempt.
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
