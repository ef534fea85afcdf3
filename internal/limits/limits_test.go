package limits_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/limits"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

// fixture is the limits over a real DynamoDB server.
type fixture struct {
	*testing.T
	db    *dynamodb.Client
	table string
	now   time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	servers := localtest.Servers(t)
	return &fixture{t, servers.DynamoDBClient(), servers.Tables["limits"], time.Date(2026, 11, 22, 12, 20, 0, 0, time.UTC)}
}

// store is the limits with a secret of their own, so that no other's counts count.
func (w *fixture) store(secret string, most limits.PerHour) *limits.Store {
	return limits.NewStore(w.db, w.table, most, func(context.Context) (string, error) { return secret, nil },
		func() time.Time { return w.now })
}

func key(t testing.TB, email string) teacher.EmailKey {
	t.Helper()
	if email == "" {
		return teacher.EmailKey{}
	}
	parsed, err := teacher.ParseEmail(email)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Key()
}

// items are all items of the table.
func (w *fixture) items() []attribute.Item {
	w.Helper()
	out, err := w.db.Scan(w.Context(), &dynamodb.ScanInput{TableName: aws.String(w.table)})
	if err != nil {
		w.Fatal(err)
	}
	return out.Items
}

// request is a request of which each part may be counted.
type request struct{ source, email string }

func TestWhatCountsAsTheSame(t *testing.T) {
	w := newFixture(t)
	const plenty = 1000
	byAddress, byEmail := limits.PerHour{Address: 1, Email: plenty}, limits.PerHour{Address: plenty, Email: 1}
	for i, test := range []struct {
		name   string
		most   limits.PerHour
		a, b   request
		counts bool // the second counts with the first
	}{
		{"an address", byAddress, request{"203.0.113.9", "a@example.com"}, request{"203.0.113.9", "b@example.com"}, true},
		{"other addresses", byAddress, request{source: "203.0.113.9"}, request{source: "203.0.113.10"}, false},
		{"one /64", byAddress, request{source: "2001:db8:1:2::1"}, request{source: "2001:db8:1:2:ffff::99"}, true},
		{"two /64", byAddress, request{source: "2001:db8:1:2::1"}, request{source: "2001:db8:1:3::1"}, false},
		{"IPv4 in IPv6", byAddress, request{source: "::ffff:203.0.113.9"}, request{source: "203.0.113.9"}, true},
		{"two IPv4 in IPv6", byAddress, request{source: "::ffff:203.0.113.9"}, request{source: "::ffff:203.0.113.10"}, false},
		{"no address at all", byAddress, request{}, request{}, false},
		{"an email", byEmail, request{"203.0.113.1", "ann@example.com"}, request{"203.0.113.2", "ann@example.com"}, true},
		{"an email's spelling", byEmail, request{email: "ann@example.com"}, request{email: " Ann+x@EXAMPLE.com"}, true},
		{"an IDN domain", byEmail, request{email: "ann@bücher.example.com"}, request{email: "ann@xn--bcher-kva.example.com"}, true},
		{"other emails", byEmail, request{email: "ann@example.com"}, request{email: "anne@example.com"}, false},
		{"no email", byEmail, request{}, request{}, false},
		{"a limit's value is not another's", limits.PerHour{Address: 1, Email: 1}, request{source: "ann@example.com"}, request{email: "ann@example.com"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := w.store(fmt.Sprint("same", i), test.most)
			admit := func(r request) error { return store.Admit(t.Context(), r.source, key(t, r.email)) }
			if err := admit(test.a); err != nil {
				t.Fatalf("the first: %v", err)
			}
			if err := admit(test.b); (err != nil) != test.counts {
				t.Errorf("the second: %v, want refused: %t", err, test.counts)
			}
		})
	}
}

func TestTheLimitAndItsWindow(t *testing.T) {
	w := newFixture(t)
	store := w.store("window", limits.PerHour{Address: 3, Email: 1000})
	admit := func() error { return store.Admit(t.Context(), "203.0.113.9", key(t, "ann@example.com")) }
	for i := range 3 {
		if err := admit(); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	for range 2 {
		err := admit()
		var limit *lookup.LimitError
		if !errors.As(err, &limit) || limit.RetryAfter != 40*time.Minute || limit.Limit != lookup.LimitAddress || !errors.Is(err, fault.Throttled) {
			t.Errorf("beyond the limit: %v", err)
		}
	}
	w.now = w.now.Add(40*time.Minute - time.Millisecond)
	if err := admit(); err == nil {
		t.Error("the window ended too soon")
	}
	w.now = w.now.Add(time.Millisecond)
	if err := admit(); err != nil {
		t.Errorf("in the next window: %v", err)
	}
}

// TestARefusalChangesNothing: whoever is refused for one limit uses up none of the other, so that nobody who floods from
// one address keeps another's mailbox out.
func TestARefusalChangesNothing(t *testing.T) {
	for name, most := range map[string]limits.PerHour{"address": {Address: 1, Email: 5}, "email": {Address: 5, Email: 1}} {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t)
			store := w.store("refusal", most)
			if err := store.Admit(t.Context(), "203.0.113.9", key(t, "ann@example.com")); err != nil {
				t.Fatal(err)
			}
			before := counts(w.items())
			for range 20 {
				err := store.Admit(t.Context(), "203.0.113.9", key(t, "ann@example.com"))
				if limit, refused := errors.AsType[*lookup.LimitError](err); !refused || string(limit.Limit) != name {
					t.Fatalf("not refused by the limit on %s: %v", name, err)
				}
			}
			if after := counts(w.items()); !slices.Equal(before, after) || len(after) != 2 {
				t.Errorf("counts %v became %v", before, after)
			}
		})
	}
}

func counts(items []attribute.Item) []string {
	var all []string
	for _, item := range items {
		all = append(all, fmt.Sprint(attribute.Text(item, "entry"), attribute.Integer(item, "count")))
	}
	slices.Sort(all)
	return all
}

func TestManyAtOnceAreAllCounted(t *testing.T) {
	w := newFixture(t)
	store := w.store("many", limits.PerHour{Address: 20, Email: 1000})
	var all sync.WaitGroup
	var allowed atomic.Int32
	for range 50 {
		all.Go(func() {
			switch err := store.Admit(t.Context(), "203.0.113.9", teacher.EmailKey{}); {
			case err == nil:
				allowed.Add(1)
			case !errors.Is(err, fault.Throttled):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if allowed.Load() != 20 {
		t.Errorf("%d of 50 were allowed, want 20", allowed.Load())
	}
}

// TestNothingPersonalIsKept scans the whole table for what was counted and tried.
func TestNothingPersonalIsKept(t *testing.T) {
	w := newFixture(t)
	canary := person(t, "Canary", "1980-01-31", "QQ123456C")
	for _, secret := range []string{"one", "two"} {
		store := w.store(secret, limits.PerHour{Address: 9, Email: 9})
		if err := store.Admit(t.Context(), "203.0.113.9", key(t, "canary.person@example.com")); err != nil {
			t.Fatal(err)
		}
		remember(t, store, canary)
	}
	items := w.items()
	if len(items) != 2*(2+4+1) { // another secret, other keys
		t.Errorf("%d items, want 14", len(items))
	}
	digest := regexp.MustCompile(`^[0-9a-f]{64}$|^[0-9a-f]{32}$`)
	for _, item := range items {
		if !digest.MatchString(attribute.Text(item, "entry")) {
			t.Errorf("entry %q", attribute.Text(item, "entry"))
		}
		want := w.now.Add(30 * 24 * time.Hour).Unix()
		for name := range item {
			if strings.HasPrefix(name, "notes") { // until the month after this, of 30 days, has ended
				want = time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC).Unix()
			}
		}
		if item["count"] != nil {
			want = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Unix()
		}
		if got := attribute.Integer(item, "expiresAt"); got != want {
			t.Errorf("expires at %d, want %d", got, want)
		}
		for name, value := range item {
			for _, personal := range []string{"canary", "ann", "203.0.113", "1980", "qq123456"} {
				if strings.Contains(strings.ToLower(fmt.Sprintf("%+v", value)), personal) {
					t.Errorf("%s holds %s", name, personal)
				}
			}
		}
	}
}

func TestANetworkIsToldByNobody(t *testing.T) {
	w := newFixture(t)
	name := func(secret, source string) string {
		got, err := w.store(secret, limits.PerHour{}).Network(t.Context(), source)
		if err != nil || len(got) != 16 || strings.Contains(got, "203.0.113") {
			t.Fatalf("%q, %v", got, err)
		}
		return got
	}
	if name("a", "2001:db8:1:2::1") != name("a", "2001:db8:1:2:ffff::99") {
		t.Error("one network has two names")
	}
	if name("a", "203.0.113.9") == name("a", "203.0.113.10") || name("a", "203.0.113.9") == name("b", "203.0.113.9") {
		t.Error("two networks, or two secrets, have one name")
	}
}

func TestWithoutSecretOrTableThereIsNoAnswer(t *testing.T) {
	w := newFixture(t)
	down := fault.New(fault.Unavailable, "ssm_down")
	silent := limits.NewStore(w.db, w.table, limits.PerHour{Address: 1, Email: 1},
		func(context.Context) (string, error) { return "", down }, func() time.Time { return w.now })
	w.table = "no-such-table"
	for name, store := range map[string]*limits.Store{"secret": silent, "table": w.store("s", limits.PerHour{Address: 1, Email: 1})} {
		p := person(t, "Example", "1980-01-31", "")
		if err := store.Admit(t.Context(), "203.0.113.9", teacher.EmailKey{}); err == nil {
			t.Errorf("counted without %s", name)
		}
		if _, err := read(t, store, p); err == nil {
			t.Errorf("read without %s", name)
		}
		if err := add(t, store, p); err == nil {
			t.Errorf("remembered without %s", name)
		}
	}
}
