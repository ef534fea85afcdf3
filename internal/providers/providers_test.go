package providers_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"
	"losttrn/internal/providers"
)

// line counts queries, gives one name a page, and fails when told to.
type line struct {
	client *dynamodb.Client
	calls  int
	broken bool
}

func (l *line) Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	l.calls++
	if l.broken {
		return nil, errors.New("down")
	}
	one := int32(1)
	in.Limit = &one
	return l.client.Query(ctx, in, options...)
}

func TestNames(t *testing.T) {
	servers := localtest.Servers(t)
	db, table := servers.DynamoDBClient(), servers.Tables["providers"]
	put := func(name string) {
		t.Helper()
		item := attribute.Item{"list": attribute.String(providers.List), "name": attribute.String(name)}
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := &line{client: db, broken: true}
	store := providers.NewStore(l, table, func() time.Time { return now })
	names := func(want ...string) {
		t.Helper()
		got, err := store.Names(t.Context())
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := store.Names(t.Context()); err == nil {
		t.Error("names out of nothing")
	}
	l.broken = false
	put("University of Nowhere")
	put("bishop Example College")
	names("bishop Example College", "University of Nowhere")
	calls := l.calls
	put("Anywhere University")
	names("bishop Example College", "University of Nowhere") // kept
	if l.calls != calls {
		t.Errorf("%d queries for names that are kept", l.calls-calls)
	}
	now = now.Add(11 * time.Minute)
	l.broken = true
	names("bishop Example College", "University of Nowhere") // better than none
	l.broken = false
	names("Anywhere University", "bishop Example College", "University of Nowhere")
}

func TestNamed(t *testing.T) {
	servers := localtest.Servers(t)
	db, table := servers.DynamoDBClient(), servers.Tables["providers"]
	for name, ukprn := range map[string]string{"Numbered University": "10009001", "Numbered Uni": "10009001", "Other Numbered College": "10009002", "Without": ""} {
		item := attribute.Item{"list": attribute.String(providers.List), "name": attribute.String(name)}
		attribute.Put(item, "ukprn", ukprn)
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	l := &line{client: db, broken: true}
	store := providers.NewStore(l, table, time.Now)
	if name, err := store.Named(t.Context(), "10009001"); err == nil {
		t.Errorf("%q of a table that is away", name)
	}
	l.broken = false
	for ukprn, want := range map[string]string{"10009001": "Numbered Uni", "10009002": "Other Numbered College", "10009003": "", "": ""} {
		if name, err := store.Named(t.Context(), ukprn); err != nil || name != want {
			t.Errorf("%s is %q, %v; want %q", ukprn, name, err, want)
		}
	}
}
