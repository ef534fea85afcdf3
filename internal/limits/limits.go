// Package limits stores, in the `limits` table, how many lookups were made lately from one source address and with one
// email, and which values were tried beside each pair of kinds of evidence (package guess).
//
//	attribute  type      what
//	entry      S  key    HMAC of what is counted and the hour, of a pair of kinds with their keys, or of a shelf; in hex, never a raw value
//	count      N         of an hour: requests that were let through
//	<kind>     SS        of a pair, by kind of evidence ("training_provider"): HMACs of the values tried beside it
//	notes<n>   SS        of a shelf, by months of 30 days since 1970: the beginnings of the HMACs of its entries that hold something
//	expiresAt  N         time to live: a day after the hour, 30 days after the last new value, or the end of the month after a note
//
// A request that is refused because of one count changes no other item.
package limits

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Client are the calls of DynamoDB that the store makes.
type Client interface {
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// PerHour are the numbers of requests let through in an hour.
type PerHour struct {
	Address int // from one source address; of IPv6 from one /64 network
	Email   int // with one email address
}

// Store is the `limits` table. It is safe for concurrent use.
type Store struct {
	client Client
	table  string
	limits PerHour
	secret func(context.Context) (string, error)
	clock  func() time.Time
}

// NewStore returns the store in the table of that name. The secret keys the entries.
func NewStore(client Client, table string, limits PerHour, secret func(context.Context) (string, error), clock func() time.Time) *Store {
	return &Store{client, table, limits, secret, clock}
}

// Network returns an HMAC of the network that a request came from. In the log it tells attacks apart without disclosing
// an address.
func (s *Store) Network(ctx context.Context, source string) (string, error) {
	return Off{s.secret}.Network(ctx, source)
}

// digest returns an HMAC of texts, in hex.
func digest(secret string, texts ...string) string {
	mac := hmac.New(sha256.New, []byte("limits\x00"+secret))
	for _, text := range texts {
		_, _ = mac.Write([]byte(strconv.Itoa(len(text)) + "\x00" + text)) // never fails
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// network returns what one subscriber holds: an IPv4 address, or an IPv6 network of 64 bits.
func network(source string) string {
	address, err := netip.ParseAddr(source)
	if err != nil {
		return source
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String()
	}
	prefix, _ := address.Prefix(64) // every address of IPv6 has one
	return prefix.String()
}

// Off is the limiter of a stack without limits. Without a secret the HMACs of networks have no key.
type Off struct {
	Secret func(context.Context) (string, error)
}

// Admit lets everything through.
func (Off) Admit(context.Context, string, teacher.EmailKey) error { return nil }

// Tried finds nothing tried.
func (Off) Tried(_ context.Context, entries []guess.Entry, _ []guess.Shelf) (guess.Tried, error) {
	return guess.NewTried(entries), nil
}

// Remember remembers nothing.
func (Off) Remember(context.Context, guess.Tried, map[matching.Evidence]string) error { return nil }

// Network returns an HMAC of the network that a request came from, as Store.Network does.
func (o Off) Network(ctx context.Context, source string) (string, error) {
	var secret string
	if o.Secret != nil {
		var err error
		if secret, err = o.Secret(ctx); err != nil {
			return "", err
		}
	}
	return digest(secret, "network", network(source))[:16], nil
}
