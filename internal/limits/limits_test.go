package limits_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
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

// world is the limits over a real DynamoDB server.
type world struct {
	*testing.T
	db    *dynamodb.Client
	table string
	now   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	servers := localtest.Servers(t)
	return &world{t, servers.DynamoDBClient(), servers.Tables["limits"], time.Date(2026, 11, 22, 12, 20, 0, 0, time.UTC)}
}

// store is the limits with a secret of their own, so that no other's counts count.
func (w *world) store(secret string, most limits.PerHour) *limits.Store {
	return limits.NewStore(w.db, w.table, most, func(context.Context) (string, error) { return secret, nil },
		func() time.Time { return w.now })
}

func query(t testing.TB, email, last, born string) lookup.Query {
	t.Helper()
	q := lookup.Query{FirstName: "Ann", LastName: last}
	var err error
	if email != "" {
		if q.Email, err = teacher.ParseEmail(email); err != nil {
			t.Fatal(err)
		}
	}
	if born != "" {
		if q.DateOfBirth, err = teacher.ParseDate(born); err != nil {
			t.Fatal(err)
		}
	}
	return q
}

// request is a request of which each part may be counted.
type request struct{ source, email, last, born string }

func TestWhatCountsAsTheSame(t *testing.T) {
	w := newWorld(t)
	const plenty = 1000
	byAddress := limits.PerHour{Address: 1, Email: plenty, Person: plenty}
	byEmail := limits.PerHour{Address: plenty, Email: 1, Person: plenty}
	byPerson := limits.PerHour{Address: plenty, Email: plenty, Person: 1}
	for i, test := range []struct {
		name   string
		most   limits.PerHour
		a, b   request
		counts bool // the second counts with the first
	}{
		{"an address", byAddress, request{"203.0.113.9", "a@example.com", "A", "1980-01-01"}, request{"203.0.113.9", "b@example.com", "B", "1981-01-01"}, true},
		{"other addresses", byAddress, request{source: "203.0.113.9"}, request{source: "203.0.113.10"}, false},
		{"one /64", byAddress, request{source: "2001:db8:1:2::1"}, request{source: "2001:db8:1:2:ffff::99"}, true},
		{"two /64", byAddress, request{source: "2001:db8:1:2::1"}, request{source: "2001:db8:1:3::1"}, false},
		{"IPv4 in IPv6", byAddress, request{source: "::ffff:203.0.113.9"}, request{source: "203.0.113.9"}, true},
		{"two IPv4 in IPv6", byAddress, request{source: "::ffff:203.0.113.9"}, request{source: "::ffff:203.0.113.10"}, false},
		{"no address at all", byAddress, request{}, request{}, false},
		{"an email", byEmail, request{"203.0.113.1", "ann@example.com", "A", "1980-01-01"}, request{"203.0.113.2", "ann@example.com", "B", "1981-01-01"}, true},
		{"an email's spelling", byEmail, request{email: "ann@example.com"}, request{email: " Ann+x@EXAMPLE.com"}, true},
		{"an IDN domain", byEmail, request{email: "ann@bücher.example.com"}, request{email: "ann@xn--bcher-kva.example.com"}, true},
		{"other emails", byEmail, request{email: "ann@example.com"}, request{email: "anne@example.com"}, false},
		{"no email", byEmail, request{}, request{}, false},
		{"a person", byPerson, request{"203.0.113.1", "a@example.com", "Example", "1980-01-01"}, request{"203.0.113.2", "b@example.com", "Example", "1980-01-01"}, true},
		{"a name's spelling", byPerson, request{last: "O'Exámple-Smith", born: "1980-01-01"}, request{last: "O’EXAMPLE SMITH", born: "1980-01-01"}, true},
		{"a word more", byPerson, request{last: "Example", born: "1980-01-01"}, request{last: "Example Foo", born: "1980-01-01"}, true},
		{"a particle more", byPerson, request{last: "Example", born: "1980-01-01"}, request{last: "de Example", born: "1980-01-01"}, true},
		{"another name", byPerson, request{last: "Example", born: "1980-01-01"}, request{last: "Other", born: "1980-01-01"}, false},
		{"another day", byPerson, request{last: "Example", born: "1980-01-01"}, request{last: "Example", born: "1980-01-02"}, false},
		{"a name alone", byPerson, request{last: "Example"}, request{last: "Example"}, false},
		{"a day alone", byPerson, request{born: "1980-01-01"}, request{born: "1980-01-01"}, false},
		{"a limit's value is not another's", limits.PerHour{Address: 1, Email: 1, Person: 1}, request{source: "ann@example.com"}, request{email: "ann@example.com"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := w.store(fmt.Sprint("same", i), test.most)
			count := func(r request) error { return store.Count(t.Context(), r.source, query(t, r.email, r.last, r.born)) }
			if err := count(test.a); err != nil {
				t.Fatalf("the first: %v", err)
			}
			if err := count(test.b); (err != nil) != test.counts {
				t.Errorf("the second: %v, want refused: %t", err, test.counts)
			}
		})
	}
}

func TestTheLimitAndItsWindow(t *testing.T) {
	w := newWorld(t)
	store := w.store("window", limits.PerHour{Address: 3, Email: 1000, Person: 1000})
	count := func() error {
		return store.Count(t.Context(), "203.0.113.9", query(t, "ann@example.com", "Example", "1980-01-31"))
	}
	for i := range 3 {
		if err := count(); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	for range 2 {
		err := count()
		var limit *lookup.LimitError
		if !errors.As(err, &limit) || limit.RetryAfter != 40*time.Minute || !errors.Is(err, fault.Throttled) {
			t.Errorf("beyond the limit: %v", err)
		}
	}
	w.now = w.now.Add(40*time.Minute - time.Millisecond)
	if err := count(); err == nil {
		t.Error("the window ended too soon")
	}
	w.now = w.now.Add(time.Millisecond)
	if err := count(); err != nil {
		t.Errorf("in the next window: %v", err)
	}
}

func TestManyAtOnceAreAllCounted(t *testing.T) {
	w := newWorld(t)
	store := w.store("many", limits.PerHour{Address: 20, Email: 1000, Person: 1000})
	var all sync.WaitGroup
	var allowed atomic.Int32
	for range 50 {
		all.Go(func() {
			switch err := store.Count(t.Context(), "203.0.113.9", lookup.Query{}); {
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

// TestNothingPersonalIsKept scans the whole table for what was counted.
func TestNothingPersonalIsKept(t *testing.T) {
	w := newWorld(t)
	for _, secret := range []string{"one", "two"} {
		if err := w.store(secret, limits.PerHour{Address: 9, Email: 9, Person: 9}).
			Count(t.Context(), "203.0.113.9", query(t, "canary.person@example.com", "Canary", "1980-01-31")); err != nil {
			t.Fatal(err)
		}
	}
	out, err := w.db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(w.table)})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items) != 6 { // another secret, other keys
		t.Errorf("%d counters, want 6", len(out.Items))
	}
	digest := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for _, item := range out.Items {
		if !digest.MatchString(attribute.Text(item, "counter")) || len(item) != 3 || attribute.Integer(item, "count") != 1 {
			t.Errorf("an item of %d attributes, counter %q", len(item), attribute.Text(item, "counter"))
		}
		if got, want := attribute.Integer(item, "expiresAt"), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Unix(); got != want {
			t.Errorf("expires at %d, want %d", got, want)
		}
		for name := range item {
			for _, canary := range []string{"canary", "203.0.113", "1980"} {
				if strings.Contains(strings.ToLower(attribute.Text(item, name)), canary) {
					t.Errorf("%s holds %s", name, canary)
				}
			}
		}
	}
}

func TestWithoutSecretOrTableThereIsNoAnswer(t *testing.T) {
	w := newWorld(t)
	down := fault.With(fault.Unavailable, "ssm_down")
	store := limits.NewStore(w.db, w.table, limits.PerHour{Address: 1, Email: 1, Person: 1},
		func(context.Context) (string, error) { return "", down }, func() time.Time { return w.now })
	if err := store.Count(t.Context(), "203.0.113.9", lookup.Query{}); !errors.Is(err, down) {
		t.Errorf("%v", err)
	}
	w.table = "no-such-table"
	if err := w.store("s", limits.PerHour{Address: 1, Email: 1, Person: 1}).Count(t.Context(), "203.0.113.9", lookup.Query{}); err == nil {
		t.Error("counted in no table")
	}
}

func TestOff(t *testing.T) {
	for range 100 {
		if err := (limits.Off{}).Count(t.Context(), "203.0.113.9", lookup.Query{}); err != nil {
			t.Fatal(err)
		}
	}
}
