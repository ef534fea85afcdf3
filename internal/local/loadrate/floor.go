package loadrate

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"losttrn/internal/attribute"
)

const (
	// workers is how many calls a load makes side by side.
	workers = 32
	// atOnce is how many items are read before they are written; the reading is not counted.
	atOnce = 5_000
)

// floor writes items of the loaded table to an empty table beside it, each on condition that it is not there, and does
// nothing else. It returns how many seconds the writes took.
func (m *measurement) floor(ctx context.Context) (time.Duration, error) {
	beside, err := m.stack.Beside(ctx, "bare", nil)
	if err != nil {
		return 0, err
	}
	client, from, to := m.stack.DynamoDBClient(), m.stack.Tables["teachers"], beside.Tables["teachers"]
	var took time.Duration
	var items []attribute.Item
	in := &dynamodb.ScanInput{TableName: &from, Limit: aws.Int32(1_000)}
	for written := 0; written < m.Bare; {
		page, err := client.Scan(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("read items for the floor: %w", err)
		}
		items = append(items, page.Items...)
		in.ExclusiveStartKey = page.LastEvaluatedKey
		last := len(in.ExclusiveStartKey) == 0
		if len(items) < min(atOnce, m.Bare-written) && !last {
			continue
		}
		items = items[:min(len(items), m.Bare-written)]
		began := time.Now()
		if err := put(ctx, client, to, items); err != nil {
			return 0, fmt.Errorf("write the floor: %w", err)
		}
		took += time.Since(began)
		written += len(items)
		items = nil
		if last && written < m.Bare {
			return 0, fmt.Errorf("the table has %d items, and %d were to be written", written, m.Bare)
		}
	}
	return took, nil
}

func put(ctx context.Context, client *dynamodb.Client, table string, items []attribute.Item) error {
	work, ctx := errgroup.WithContext(ctx)
	for worker := range workers {
		work.Go(func() error {
			for i := worker; i < len(items); i += workers {
				_, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: items[i],
					ConditionExpression: aws.String("attribute_not_exists(#trn)"), ExpressionAttributeNames: map[string]string{"#trn": "trn"}})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}
