// Package limits is the store of the `limits` table: how many lookups were made lately from one source address,
// with one email, and about one person.
//
//	attribute  type      what
//	counter    S  key    HMAC of what is counted and the hour, in hex; never a raw value
//	count      N         requests in that hour
//	expiresAt  N         time to live, a day after the hour
package limits

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
	"losttrn/internal/parallel"
)

// window is how long a count lasts, and kept how long its item is kept.
const (
	window = time.Hour
	kept   = 24 * time.Hour
)

// Client is the call of DynamoDB that the store makes.
type Client interface {
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// PerHour are the numbers of requests allowed in an hour.
type PerHour struct {
	Address int // from one source address; of IPv6 from one /64 network
	Email   int // with one email address
	Person  int // with one date of birth and last name, or significant part of one
}

// Store is the `limits` table.
type Store struct {
	client Client
	table  string
	limits PerHour
	secret func(context.Context) (string, error)
	clock  func() time.Time
}

// NewStore is the store in the table of that name. The secret keys the counters.
func NewStore(client Client, table string, limits PerHour, secret func(context.Context) (string, error), clock func() time.Time) *Store {
	return &Store{client, table, limits, secret, clock}
}

// Count counts a request, side by side against each limit, and refuses it with a *lookup.LimitError if one is
// exceeded. Refused requests count as well. What a form has not asked for yet is not counted.
func (s *Store) Count(ctx context.Context, source string, q lookup.Query) error {
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	now := s.clock()
	start := now.Truncate(window)
	counts := parallel.All() // a refusal by one limit must not keep the others from counting
	count := func(name, value string, most int) {
		if value == "" {
			return
		}
		counts.Go(func() error {
			count, err := s.increment(ctx, counter(secret, name, value, start), start)
			if err != nil {
				return err
			}
			if count > int64(most) {
				return &lookup.LimitError{RetryAfter: start.Add(window).Sub(now)}
			}
			return nil
		})
	}
	count("address", network(source), s.limits.Address)
	count("email", q.Email.Key().Text(), s.limits.Email)
	for _, person := range persons(q) {
		count("person", person, s.limits.Person)
	}
	return counts.Wait()
}

func (s *Store) increment(ctx context.Context, counter string, start time.Time) (int64, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                aws.String(s.table),
		Key:                      attribute.Item{"counter": attribute.String(counter)},
		UpdateExpression:         aws.String("ADD #count :one SET #expiresAt = :expiresAt"),
		ExpressionAttributeNames: map[string]string{"#count": "count", "#expiresAt": "expiresAt"},
		ExpressionAttributeValues: attribute.Item{":one": attribute.Number(1),
			":expiresAt": attribute.Epoch(start.Add(kept))},
		ReturnValues: types.ReturnValueUpdatedNew,
	})
	if err != nil {
		return 0, cloud.Failure("count against limits", err)
	}
	return attribute.Integer(out.Attributes, "count"), nil
}

func counter(secret, name, value string, start time.Time) string {
	mac := hmac.New(sha256.New, []byte("limits\x00"+secret))
	fmt.Fprintf(mac, "%s\x00%s\x00%d", name, value, start.Unix())
	return hex.EncodeToString(mac.Sum(nil))
}

// network is what one subscriber holds: an IPv4 address, or an IPv6 network of 64 bits.
func network(source string) string {
	address, err := netip.ParseAddr(source)
	if err != nil {
		return source
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return source
	}
	return prefix.String()
}

// persons are whom a request may be about: the date of birth with each significant part of the last names given.
// Matching takes "Smith Jones" for Smith, so a count of whole last names would be escaped by adding words to them.
func persons(q lookup.Query) []string {
	if q.DateOfBirth.IsZero() {
		return nil
	}
	var all []string
	for _, name := range matching.LastNameParts(q.LastName, q.PreviousLastName) {
		all = append(all, q.DateOfBirth.ISO()+"\x00"+name)
	}
	return all
}

// Off is the limiter of a stack without limits.
type Off struct{}

// Count allows everything.
func (Off) Count(context.Context, string, lookup.Query) error { return nil }
