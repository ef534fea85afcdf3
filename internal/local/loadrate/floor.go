package loadrate

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"losttrn/internal/attribute"
)

const (
	// workers is how many calls a load makes concurrently.
	workers = 32
	// perRead is the most items that DynamoDB reads in one call.
	perRead = 100
)

// floor writes the items of a round's people to an empty table, each on condition that it is not there, and nothing
// else. It returns how long the writes took, without the reading.
func (m *measurement) floor(ctx context.Context, table string, from int) (time.Duration, error) {
	client, teachers := m.stack.DynamoDBClient(), m.stack.Tables["teachers"]
	var items []attribute.Item
	for first := from; first < from+roundRows; first += perRead {
		var keys []map[string]types.AttributeValue
		for trn := range perRead {
			keys = append(keys, attribute.Item{"trn": attribute.String(fmt.Sprint(first + trn))})
		}
		out, err := client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{teachers: {Keys: keys}}})
		if err != nil {
			return 0, fmt.Errorf("read items for the floor: %w", err)
		}
		items = append(items, out.Responses[teachers]...)
	}
	if len(items) != roundRows {
		return 0, fmt.Errorf("%d of %d items were read for the floor", len(items), roundRows)
	}
	began := time.Now()
	if err := put(ctx, client, table, items); err != nil {
		return 0, fmt.Errorf("write the floor: %w", err)
	}
	return time.Since(began), nil
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
