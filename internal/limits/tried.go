package limits

import (
	"context"
	"errors"
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

// Tried reads what was tried beside pairs, and what is noted on shelves. The values are HMACs. It reads what every write
// before it left, so that of guesses made at the same moment no more get through than are under way.
func (s *Store) Tried(ctx context.Context, entries []guess.Entry, shelves []guess.Shelf) (guess.Tried, error) {
	tried := guess.NewTried(entries)
	if len(entries)+len(shelves) == 0 {
		return tried, nil
	}
	secret, err := s.secret(ctx)
	if err != nil {
		return guess.Tried{}, err
	}
	now := s.clock()
	take := map[string]func(attribute.Item){} // an item, by its key
	for _, e := range entries {
		take[entryID(secret, e)] = func(item attribute.Item) {
			if attribute.Expired(item, now) {
				return
			}
			for _, kind := range matching.AllEvidence {
				if set, ok := item[string(kind)].(*types.AttributeValueMemberSS); ok {
					tried.Set(e, kind, set.Value)
				}
			}
		}
	}
	for _, shelf := range shelves {
		tried.SetShelf(shelf, noted(secret, nil, now)) // if there is no item
		take[shelfID(secret, shelf)] = func(item attribute.Item) { tried.SetShelf(shelf, noted(secret, item, now)) }
	}
	var keys []map[string]types.AttributeValue
	for id := range take {
		keys = append(keys, attribute.Item{"entry": attribute.String(id)})
	}
	out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		s.table: {Keys: keys, ConsistentRead: aws.Bool(true)}}})
	if err != nil {
		return guess.Tried{}, cloud.Failure("read what was tried", err)
	}
	if len(out.UnprocessedKeys) > 0 {
		return guess.Tried{}, fault.New(fault.Throttled, "limits_read_in_part")
	}
	for _, item := range out.Responses[s.table] {
		take[attribute.Text(item, "entry")](item)
	}
	return tried, nil
}

// Remember adds the values of a request that found nothing beside the pairs that it was judged by, as they were read, and
// notes on the shelves where. A value that is there already, and a kind that is silent already, change nothing.
func (s *Store) Remember(ctx context.Context, tried guess.Tried, values map[matching.Evidence]string) error {
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	hashed := map[matching.Evidence]string{}
	for kind, value := range values {
		hashed[kind] = digest(secret, "value", string(kind), value)[:24]
	}
	additions := tried.Additions(hashed)
	writes := parallel.All() // a failed write must not prevent the others
	for entry, values := range additions.Values {
		writes.Go(func() error { return s.add(ctx, entryID(secret, entry), values) })
	}
	for shelf, entries := range additions.Notes {
		writes.Go(func() error { return s.note(ctx, secret, shelf, entries) })
	}
	return writes.Wait()
}

func entryID(secret string, e guess.Entry) string {
	return digest(secret, "pair", string(e.Pair.A), string(e.Pair.B), e.Key)[:32]
}

// add adds values to the sets of an item. Where the time of the item has passed, and DynamoDB has not deleted it yet, they
// replace all that it holds.
func (s *Store) add(ctx context.Context, id string, additions map[matching.Evidence]string) error {
	now := s.clock()
	add, replace := newUpdate(id), newUpdate(id)
	for _, kind := range matching.AllEvidence {
		value, more := additions[kind]
		if !more {
			replace.remove(string(kind))
			continue
		}
		set := &types.AttributeValueMemberSS{Value: []string{value}}
		add.add(string(kind), set)
		replace.set(string(kind), set)
	}
	for _, u := range []*update{add, replace} {
		u.set("expiresAt", attribute.Epoch(now.Add(remembered)))
	}
	add.condition = "attribute_not_exists(" + add.name("expiresAt") + ") OR " + add.name("expiresAt") + " > " + add.value("now", attribute.Epoch(now))
	replace.condition = replace.name("expiresAt") + " <= " + replace.value("now", attribute.Epoch(now))
	for _, u := range []*update{add, replace, add} { // if another request replaces it first, it is no longer expired at the next attempt
		_, err := s.client.UpdateItem(ctx, u.input(s.table))
		if _, other := errors.AsType[*types.ConditionalCheckFailedException](err); !other {
			return cloud.Failure("remember what was tried", err)
		}
	}
	return fault.New(fault.Unavailable, "entry_keeps_changing")
}
