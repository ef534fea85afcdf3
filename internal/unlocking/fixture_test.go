package unlocking_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/emailuse"
	"losttrn/internal/journal"
	"losttrn/internal/local"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// fixture is the unlock function's use case over real DynamoDB and SQS servers, with a wire on which calls can be
// made to fail.
type fixture struct {
	t       *testing.T
	servers *local.Servers
	wire    *faults.Wire
	db      *dynamodb.Client // past the wire
	service *unlocking.Service[register.Snapshot]
	on      atomic.Bool
	now     time.Time
	next    int
	figures bytes.Buffer
}

// run runs a part of a test with the same fixture.
func (w *fixture) run(name string, test func(*testing.T)) {
	whole := w.t
	defer func() { w.t = whole }()
	whole.Run(name, func(t *testing.T) {
		w.t = t
		test(t)
	})
}

type onOff struct{ on *atomic.Bool }

func (s onOff) On(context.Context) (bool, error) { return s.on.Load(), nil }

// newFixture makes a fixture whose clients make so many attempts at each call.
func newFixture(t *testing.T, attempts int) *fixture {
	t.Helper()
	w := &fixture{t: t, servers: localtest.Servers(t), wire: &faults.Wire{}, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	w.on.Store(true)
	w.db = w.servers.DynamoDBClient()
	db, queues := localtest.Clients(w.servers, w.wire, attempts)
	clock := func() time.Time { return w.now }
	accounts := register.NewStore(db, w.servers.Tables["teachers"])
	w.service = &unlocking.Service[register.Snapshot]{
		Accounts:  accounts,
		Journal:   journal.NewUnlocks(journal.New(db, w.servers.Tables["lookups"], "", clock), accounts),
		EmailUses: emailuse.NewStore(db, w.servers.Tables["emails"]),
		Emails:    queue.NewSender(queues, w.servers.Queues["emails"]),
		Switch:    onOff{&w.on}, OwnerNotice: true,
		Clock:   clock,
		Log:     slog.New(slog.NewTextHandler(io.Discard, nil)),
		Metrics: metric.New(&w.figures, "test", "unlock", clock),
		Secret:  func(context.Context) (string, error) { return "secret", nil },
	}
	return w
}

// teacher stores a new locked and clean teacher, after a change.
func (w *fixture) teacher(change func(attribute.Item)) teacher.TRN {
	w.t.Helper()
	w.next++
	digits := fmt.Sprintf("%07d", w.next)
	item := attribute.Item{
		"trn": attribute.String(digits), "firstName": attribute.String("Ann"), "lastName": attribute.String("Example"),
		"dateOfBirth": attribute.String("1980-01-01"), "status": attribute.String("active"), "locked": attribute.Bool(true),
	}
	if change != nil {
		change(item)
	}
	localtest.Put(w.t, w.servers, "teachers", item)
	return trn(digits)
}

// match is a new lookup that matched.
func (w *fixture) match(found teacher.TRN, email string) message.Match {
	w.t.Helper()
	w.next++
	address, err := teacher.ParseEmail(email)
	if err != nil {
		w.t.Fatal(err)
	}
	return message.Match{LookupID: fmt.Sprintf("lookup-%d", w.next), TRN: found, Email: address, Name: "Ann Example",
		MatchedAt: w.now, Evidence: []string{"name", "date_of_birth", "email"}}
}

// newEmail is an address that was never used.
func (w *fixture) newEmail() string {
	w.next++
	return fmt.Sprintf("person%d@example.com", w.next)
}

func (w *fixture) process(m message.Match) {
	w.t.Helper()
	if err := w.service.Process(w.t.Context(), m); err != nil {
		w.t.Fatalf("process: %v", err)
	}
}

func (w *fixture) account(found teacher.TRN) attribute.Item {
	return localtest.Item(w.t, w.servers, "teachers", found.Digits())
}

func (w *fixture) lookup(m message.Match) attribute.Item {
	return localtest.Item(w.t, w.servers, "lookups", m.LookupID)
}

func (w *fixture) email(m message.Match) attribute.Item {
	return localtest.Item(w.t, w.servers, "emails", m.Email.Key().Text())
}

// queued takes the emails that wait, and gives their references in order.
func (w *fixture) queued() []string {
	w.t.Helper()
	var references []string
	for _, m := range localtest.Drain(w.t, w.servers, "emails") {
		email, err := message.ParseEmail(*m.Body)
		if err != nil {
			w.t.Fatal(err)
		}
		references = append(references, email.Reference())
	}
	slices.Sort(references)
	return references
}

// decision is what the journal holds of a lookup: outcome and reasons.
func (w *fixture) decision(m message.Match) string {
	w.t.Helper()
	item := w.lookup(m)
	return fmt.Sprint(attribute.Text(item, "unlockOutcome"), attribute.Texts(item, "unlockReasons"))
}

func (w *fixture) wantDecision(m message.Match, want string) {
	w.t.Helper()
	if got := w.decision(m); got != want {
		w.t.Errorf("decision of %s: got %s, want %s", m.LookupID, got, want)
	}
}

func (w *fixture) wantLocked(found teacher.TRN, want bool) {
	w.t.Helper()
	if got := attribute.Flag(w.account(found), "locked"); got != want {
		w.t.Errorf("locked: got %t, want %t", got, want)
	}
}

// usesOf are the TRNs in the record of an email, in order.
func (w *fixture) usesOf(m message.Match) []string {
	return slices.Sorted(maps.Keys(attribute.Nested(w.email(m), "trns")))
}
