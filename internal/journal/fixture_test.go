package journal_test

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

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/journal"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// fixture is the journal over a real DynamoDB server.
type fixture struct {
	*testing.T
	servers  *local.Servers
	db       *dynamodb.Client
	accounts *register.Store
	journal  *journal.Unlocks[register.Snapshot]
	now      time.Time
	next     int
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{T: t, servers: localtest.Servers(t), now: noon}
	w.db = w.servers.DynamoDBClient()
	w.accounts = register.NewStore(w.db, w.servers.Tables["teachers"])
	w.journal = w.store()
	return w
}

// store makes a journal whose clock is the fixture's.
func (w *fixture) store() *journal.Unlocks[register.Snapshot] {
	entries := journal.New(w.db, w.servers.Tables["lookups"], w.servers.Tables["helpdeskRequests"], func() time.Time { return w.now })
	return journal.NewUnlocks(entries, w.accounts)
}

// TestJournal tests each promise, all over one server: no two use the same lookup or teacher.
func TestJournal(t *testing.T) {
	w := newFixture(t)
	for name, test := range map[string]func(*testing.T, *fixture){
		"No match":         testNoMatch,
		"Expired lookups":  testExpiredLookups,
		"Undecided":        testUndecided,
		"Match":            testMatch,
		"Decision":         testDecision,
		"Unlock":           testUnlock,
		"Helpdesk request": testHelpdeskRequest,
		"Several":          testSeveral,
		"Read request":     testReadRequest,
		"Email sent":       testEmailSent,
		"Delivery":         testDelivery,
		"Tables away":      testTablesAway,
		"Damaged":          testDamaged,
	} {
		w.run(name, func(w *fixture) { test(w.T, w) })
	}
}

// run runs a part of a test with the same fixture.
func (w *fixture) run(name string, test func(w *fixture)) {
	w.T.Run(name, func(t *testing.T) {
		part := *w
		part.T, part.now = t, noon
		part.journal = part.store()
		test(&part)
		w.next = part.next
	})
}

// newID is the id of a lookup that is not recorded.
func (w *fixture) newID() string {
	w.next++
	return fmt.Sprintf("%s-%d", strings.ReplaceAll(w.Name(), "/", "-"), w.next)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *fixture) match(id, trn, email string) message.Match {
	w.Helper()
	return message.Match{LookupID: id, TRN: must[teacher.TRN](w)(teacher.ParseTRN(trn)), Email: must[teacher.Email](w)(teacher.ParseEmail(email)),
		Name: "Ann Example", MatchedAt: noon.Add(-time.Minute), Evidence: []string{"name", "date_of_birth", "email"}}
}

func (w *fixture) request(id, why, first string) lookup.HelpdeskRequest {
	w.Helper()
	r := lookup.HelpdeskRequest{LookupID: id, Why: why, RequestedAt: w.now, Query: lookup.Query{
		Email: must[teacher.Email](w)(teacher.ParseEmail(strings.ToLower(first) + "@example.com")), FirstName: first, LastName: "Example",
		DateOfBirth: must[teacher.Date](w)(teacher.ParseDate("1980-01-31")),
	}}
	if why == lookup.WhySeveral {
		r.Candidates = []teacher.TRN{must[teacher.TRN](w)(teacher.ParseTRN("0000001")), must[teacher.TRN](w)(teacher.ParseTRN("0000002"))}
	}
	return r
}

func (w *fixture) item(table, id string) attribute.Item {
	w.Helper()
	return localtest.Item(w, w.servers, table, id)
}

// names are the attributes of an item, in order.
func names(item attribute.Item) []string { return slices.Sorted(maps.Keys(item)) }

func (w *fixture) wantText(item attribute.Item, name, want string) {
	w.Helper()
	if got := attribute.Text(item, name); got != want {
		w.Errorf("%s: %q, want %q", name, got, want)
	}
}

func (w *fixture) wantExpiry(item attribute.Item, want time.Time) {
	w.Helper()
	if got := attribute.Integer(item, "expiresAt"); got != want.Unix() {
		w.Errorf("expiresAt: %s, want %s", time.Unix(got, 0).UTC(), want)
	}
}

// locked stores a locked teacher and gives what is read of the account.
func (w *fixture) locked(trn string) register.Snapshot {
	w.Helper()
	localtest.Put(w, w.servers, "teachers", attribute.Item{
		"trn": attribute.String(trn), "status": attribute.String("active"), "locked": attribute.Bool(true)})
	return must[register.Snapshot](w)(w.accounts.Account(w.Context(), must[teacher.TRN](w)(teacher.ParseTRN(trn))))
}

func (w *fixture) account(trn string) attribute.Item {
	w.Helper()
	return localtest.Item(w, w.servers, "teachers", trn)
}

// together makes calls at the same time, again for as long as they are told to come again.
func together(w *fixture, calls ...func(context.Context) error) {
	w.Helper()
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(func() {
			err := call(w.Context())
			for errors.Is(err, fault.Throttled) {
				err = call(w.Context())
			}
			if err != nil {
				w.Errorf("%v", err)
			}
		})
	}
	all.Wait()
}
