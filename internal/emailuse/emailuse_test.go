package emailuse_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/emailuse"
	"losttrn/internal/fault"
	"losttrn/internal/local/localtest"
	"losttrn/internal/teacher"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// fixture is the record of emails over a real DynamoDB server.
type fixture struct {
	*testing.T
	db    *dynamodb.Client
	table string
	store *emailuse.Store
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	servers := localtest.Servers(t)
	db := servers.DynamoDBClient()
	return &fixture{t, db, servers.Tables["emails"], emailuse.NewStore(db, servers.Tables["emails"])}
}

func email(t testing.TB, s string) teacher.Email {
	t.Helper()
	parsed, err := teacher.ParseEmail(s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func trn(t testing.TB, n int) teacher.TRN {
	t.Helper()
	parsed, err := teacher.ParseTRN(fmt.Sprintf("%07d", n))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// claim claims, and gives the TRNs in order.
func (w *fixture) claim(address string, n int, lookupID string, at time.Time) []string {
	w.Helper()
	trns, err := w.store.Claim(w.Context(), email(w, address), trn(w, n), lookupID, at)
	if err != nil {
		w.Fatal(err)
	}
	return digits(trns)
}

func digits(trns []teacher.TRN) []string {
	var all []string
	for _, trn := range trns {
		all = append(all, trn.Digits())
	}
	slices.Sort(all)
	return all
}

func (w *fixture) entry(key string) attribute.Item {
	w.Helper()
	out, err := w.db.GetItem(w.Context(), &dynamodb.GetItemInput{TableName: aws.String(w.table),
		Key: attribute.Item{"email": attribute.String(key)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		w.Fatal(err)
	}
	return out.Item
}

func (w *fixture) want(key, name, want string) {
	w.Helper()
	if got := attribute.Text(w.entry(key), name); got != want {
		w.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestClaim(t *testing.T) {
	w := newFixture(t)
	if got := w.claim("Ann+School@Example.com", 1, "lookup-1", noon); !slices.Equal(got, []string{"0000001"}) {
		t.Errorf("%v", got)
	}
	const key = "ann@example.com"
	if got, want := slices.Sorted(maps.Keys(w.entry(key))), []string{"asTyped", "email", "firstLookupId", "firstTrn", "firstUsedAt", "lastUsedAt", "trns"}; !slices.Equal(got, want) {
		t.Errorf("attributes %v, want %v", got, want)
	}
	if got := w.claim("ann@example.com", 2, "lookup-2", noon.Add(time.Hour)); !slices.Equal(got, []string{"0000001", "0000002"}) {
		t.Errorf("%v", got)
	}
	w.want(key, "firstTrn", "0000001")
	w.want(key, "firstUsedAt", "2026-11-22T12:00:00.000Z")
	w.want(key, "firstLookupId", "lookup-1")
	w.want(key, "asTyped", "Ann+School@Example.com")
	w.want(key, "lastUsedAt", "2026-11-22T13:00:00.000Z")
	trns := attribute.Nested(w.entry(key), "trns")
	if attribute.Text(trns, "0000001") != "2026-11-22T12:00:00.000Z" || attribute.Text(trns, "0000002") != "2026-11-22T13:00:00.000Z" || len(trns) != 2 {
		t.Errorf("TRNs: %v", slices.Sorted(maps.Keys(trns)))
	}
	if got := w.claim("bob@example.com", 2, "lookup-3", noon); !slices.Equal(got, []string{"0000002"}) {
		t.Errorf("another mailbox: %v", got)
	}
}

func TestClaimAgainChangesNothing(t *testing.T) {
	w := newFixture(t)
	w.claim("ann@example.com", 1, "lookup-1", noon)
	w.claim("ann@example.com", 2, "lookup-2", noon)
	before := fmt.Sprint(texts(w.entry("ann@example.com")))
	for range 3 {
		for n := range 2 {
			if got := w.claim("ann@example.com", n+1, "lookup-1", noon); len(got) != 2 {
				t.Errorf("%v", got)
			}
		}
	}
	if after := fmt.Sprint(texts(w.entry("ann@example.com"))); after != before {
		t.Errorf("from %s to %s", before, after)
	}
}

// texts is an entry with nothing but text in it.
func texts(item attribute.Item) map[string]string {
	all := map[string]string{}
	for name := range item {
		all[name] = attribute.Text(item, name)
		for trn := range attribute.Nested(item, name) {
			all[name+" "+trn] = attribute.Text(attribute.Nested(item, name), trn)
		}
	}
	return all
}

// TestTheLastUseNeverGoesBack: a message that was delayed is processed after a later one.
func TestTheLastUseNeverGoesBack(t *testing.T) {
	w := newFixture(t)
	w.claim("ann@example.com", 1, "lookup-1", noon)
	w.claim("ann@example.com", 1, "lookup-2", noon.Add(-time.Hour))
	w.claim("ann@example.com", 2, "lookup-3", noon.Add(-time.Hour))
	w.want("ann@example.com", "lastUsedAt", "2026-11-22T12:00:00.000Z")
	if got := attribute.Text(attribute.Nested(w.entry("ann@example.com"), "trns"), "0000002"); got != "2026-11-22T11:00:00.000Z" {
		t.Errorf("the second TRN was first found at %s", got)
	}
	w.claim("ann@example.com", 1, "lookup-4", noon.Add(time.Millisecond))
	w.want("ann@example.com", "lastUsedAt", "2026-11-22T12:00:00.001Z")
	if got := attribute.Text(attribute.Nested(w.entry("ann@example.com"), "trns"), "0000001"); got != "2026-11-22T12:00:00.000Z" {
		t.Errorf("the first TRN was first found at %s", got)
	}
}

// TestClaimsAtOnceLoseNone: many TRNs claim one email at the same instant; each is recorded, and of each two at least
// one sees the other.
func TestClaimsAtOnceLoseNone(t *testing.T) {
	w := newFixture(t)
	for round := range 10 {
		address := fmt.Sprintf("ann%d@example.com", round)
		const many = 10
		got := make([][]string, many)
		var all sync.WaitGroup
		for n := range many {
			all.Go(func() {
				trns, err := w.store.Claim(t.Context(), email(t, address), trn(t, n), "lookup", noon.Add(time.Duration(n%3)*time.Second))
				if err != nil {
					t.Error(err)
				}
				got[n] = digits(trns)
			})
		}
		all.Wait()
		if recorded := attribute.Nested(w.entry(address), "trns"); len(recorded) != many {
			t.Fatalf("%d of %d are recorded", len(recorded), many)
		}
		w.want(address, "lastUsedAt", "2026-11-22T12:00:02.000Z")
		for a := range many {
			for b := range a {
				if !slices.Contains(got[a], trn(t, b).Digits()) && !slices.Contains(got[b], trn(t, a).Digits()) {
					t.Fatalf("neither %d nor %d saw the other", a, b)
				}
			}
			if !slices.Contains(got[a], trn(t, a).Digits()) {
				t.Fatalf("%d did not see itself", a)
			}
		}
	}
}

func TestTheFirst200AreKept(t *testing.T) {
	w := newFixture(t)
	trns := attribute.Item{}
	for n := range emailuse.MaxTRNs - 1 {
		trns[trn(t, n).Digits()] = attribute.Time(noon)
	}
	_, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.table), Item: attribute.Item{
		"email": attribute.String("ann@example.com"), "trns": attribute.Map(trns), "lastUsedAt": attribute.Time(noon)}})
	if err != nil {
		t.Fatal(err)
	}
	full := func() bool { return attribute.Flag(w.entry("ann@example.com"), "trnsFull") }
	if got := w.claim("ann@example.com", 500, "lookup", noon); len(got) != 200 || full() {
		t.Errorf("the 200th: %d TRNs, full %t", len(got), full())
	}
	for range 2 {
		if got := w.claim("ann@example.com", 501, "lookup", noon); len(got) != 201 || !full() {
			t.Errorf("the 201st: %d TRNs, full %t", len(got), full())
		}
	}
	if got := w.claim("ann@example.com", 0, "lookup", noon.Add(time.Hour)); len(got) != 200 {
		t.Errorf("one of the 200: %d TRNs", len(got))
	}
	if got := len(attribute.Nested(w.entry("ann@example.com"), "trns")); got != 200 {
		t.Errorf("%d are kept", got)
	}
	w.want("ann@example.com", "lastUsedAt", "2026-11-22T13:00:00.000Z")
}

// failing is a client whose calls fail, each with its error.
type failing struct {
	put, update error
	calls       []string
}

func (f *failing) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	f.calls = append(f.calls, "put")
	return nil, f.put
}

func (f *failing) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	f.calls = append(f.calls, "update")
	return nil, f.update
}

// TestAFailedClaimIsNoClaim: a call that fails for another reason than a race is the end, as the error that it was; an unlock
// on the word of a claim that was not made would be one too many.
func TestAFailedClaimIsNoClaim(t *testing.T) {
	refused := errors.New("not allowed")
	lost := &types.ConditionalCheckFailedException{Item: attribute.Item{"email": attribute.String("ann@example.com")}}
	for name, client := range map[string]*failing{
		"put":        {put: refused},
		"put update": {put: lost, update: refused},
	} {
		trns, err := emailuse.NewStore(client, "emails").Claim(t.Context(), email(t, "ann@example.com"), trn(t, 1), "lookup", noon)
		if trns != nil || !errors.Is(err, refused) || strings.Join(client.calls, " ") != name {
			t.Errorf("%s: %v, %v after %v", name, trns, err, client.calls)
		}
	}
}

// racing is a client whose every write another claim outruns.
type racing struct{ entry attribute.Item }

func (r racing) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return nil, &types.ConditionalCheckFailedException{Item: r.entry}
}

func (r racing) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return nil, &types.ConditionalCheckFailedException{Item: r.entry}
}

func TestAnEmailThatKeepsChangingIsTriedLater(t *testing.T) {
	for name, entry := range map[string]attribute.Item{
		"changed": {"email": attribute.String("ann@example.com"), "lastUsedAt": attribute.Time(noon)},
		"no item": nil,
	} {
		_, err := emailuse.NewStore(racing{entry}, "emails").Claim(t.Context(), email(t, "ann@example.com"), trn(t, 1), "lookup", noon)
		if !errors.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
