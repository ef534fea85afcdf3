package limits

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/parallel"
)

// remembered is how long values are remembered after the last new one beside their pair.
const remembered = 30 * 24 * time.Hour

// maxBatch is how many items DynamoDB reads in one call.
const maxBatch = 100

// Tried reads what was tried beside pairs. The values are HMACs. It reads what every write before it left, so that of
// guesses made at the same moment no more get through than are under way.
func (s *Store) Tried(ctx context.Context, entries []guess.Entry) (guess.Tried, error) {
	tried := guess.NewTried(entries)
	if len(entries) == 0 {
		return tried, nil
	}
	secret, err := s.secret(ctx)
	if err != nil {
		return nil, err
	}
	filed := map[string]guess.Entry{}
	keys := make([]map[string]types.AttributeValue, 0, len(entries))
	for _, e := range entries {
		id := entryID(secret, e)
		filed[id] = e
		keys = append(keys, attribute.Item{"entry": attribute.String(id)})
	}
	now := s.clock()
	for batch := range slices.Chunk(keys, maxBatch) {
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			s.table: {Keys: batch, ConsistentRead: aws.Bool(true)}}})
		if err != nil {
			return nil, cloud.Failure("read what was tried", err)
		}
		if len(out.UnprocessedKeys) > 0 {
			return nil, fault.New(fault.Throttled, "limits_read_in_part")
		}
		for _, item := range out.Responses[s.table] {
			if attribute.Expired(item, now) {
				continue
			}
			for _, kind := range matching.AllEvidence {
				if set, ok := item[string(kind)].(*types.AttributeValueMemberSS); ok {
					tried[filed[attribute.Text(item, "entry")]][kind] = set.Value
				}
			}
		}
	}
	return tried, nil
}

// Remember adds the values of a request that found nothing beside the pairs that it was judged by, as they were read. A
// value that is there already, and a kind that is silent already, change nothing.
func (s *Store) Remember(ctx context.Context, tried guess.Tried, values map[matching.Evidence]string) error {
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	hashed := map[matching.Evidence]string{}
	for kind, value := range values {
		hashed[kind] = digest(secret, "value", string(kind), value)[:24]
	}
	writes := parallel.All() // one that fails must not keep the others from being remembered
	for entry, additions := range tried.Additions(hashed) {
		writes.Go(func() error { return s.add(ctx, entryID(secret, entry), additions) })
	}
	return writes.Wait()
}

func entryID(secret string, e guess.Entry) string {
	return digest(secret, "pair", string(e.Pair.A), string(e.Pair.B), e.Key)[:32]
}

// add adds values to the sets of an item. One whose time has passed, and that DynamoDB has not deleted yet, is replaced.
func (s *Store) add(ctx context.Context, id string, additions map[matching.Evidence]string) error {
	now := s.clock()
	expires := attribute.Epoch(now.Add(remembered))
	names, values := map[string]string{"#expiresAt": "expiresAt"}, attribute.Item{":expiresAt": expires, ":now": attribute.Epoch(now)}
	item := attribute.Item{"entry": attribute.String(id), "expiresAt": expires}
	var sets []string
	for _, kind := range slices.Sorted(maps.Keys(additions)) {
		set := &types.AttributeValueMemberSS{Value: []string{additions[kind]}}
		names["#"+string(kind)], values[":"+string(kind)], item[string(kind)] = string(kind), set, set
		sets = append(sets, "#"+string(kind)+" :"+string(kind))
	}
	for range 2 { // whoever else replaces it, it has not expired when it is written to again
		_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName:                 aws.String(s.table),
			Key:                       attribute.Item{"entry": attribute.String(id)},
			UpdateExpression:          aws.String("ADD " + strings.Join(sets, ", ") + " SET #expiresAt = :expiresAt"),
			ConditionExpression:       aws.String("attribute_not_exists(#expiresAt) OR #expiresAt > :now"),
			ExpressionAttributeNames:  names,
			ExpressionAttributeValues: values,
		})
		var expired *types.ConditionalCheckFailedException
		if !errors.As(err, &expired) {
			return cloud.Failure("remember what was tried", err)
		}
		_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName:                 aws.String(s.table),
			Item:                      item,
			ConditionExpression:       aws.String("attribute_not_exists(#expiresAt) OR #expiresAt <= :now"),
			ExpressionAttributeNames:  map[string]string{"#expiresAt": "expiresAt"},
			ExpressionAttributeValues: attribute.Item{":now": attribute.Epoch(now)},
		})
		if !errors.As(err, &expired) {
			return cloud.Failure("remember what was tried", err)
		}
	}
	return fault.New(fault.Unavailable, "entry_keeps_changing")
}
