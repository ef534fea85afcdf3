//go:build properties

package properties_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"losttrn/internal/emailuse"
	"losttrn/internal/journal"
	"losttrn/internal/limits"
	"losttrn/internal/load"
	"losttrn/internal/local"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// servers are of one test; each world has people and mailboxes of its own on them.
type servers struct {
	*local.Servers
	wire   *faults.Wire // between the unlock function's use case and DynamoDB and SQS
	worlds int
}

// world is the service with a few people and mailboxes, all of whose messages a test holds in its hand.
type world struct {
	*servers
	lookups *lookup.Service
	unlocks *unlocking.Service[register.Snapshot]
	desk    *helpdesk.Desk
	records func() *register.Records
	number  int
	now     time.Time
	on      bool

	mu      sync.Mutex
	matches []message.Match // sent, not handled yet
	emails  map[string]int  // sent, by reference
}

func newWorld(t *testing.T, s *servers) *world {
	t.Helper()
	s.worlds++
	w := &world{servers: s, number: s.worlds, on: true, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), emails: map[string]int{}}
	db := s.DynamoDBClient()
	faulty, _ := localtest.Clients(s.Servers, s.wire, 1)
	secret := func(context.Context) (string, error) { return "secret", nil }
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	entries := journal.New(db, s.Tables["lookups"], s.Tables["helpdeskRequests"], w.clock)
	w.lookups = &lookup.Service{Register: register.NewStore(db, s.Tables["teachers"]), Journal: entries, Queue: w,
		Limiter: limits.Off{Secret: secret}, Tries: limits.Off{Secret: secret}, Secret: secret, Clock: w.clock, Log: log,
		Metrics: metric.New(io.Discard, "test", "lookup", w.clock), ExampleNINOs: true}
	accounts := register.NewStore(faulty, s.Tables["teachers"])
	w.unlocks = &unlocking.Service[register.Snapshot]{Accounts: accounts,
		Journal:   journal.NewUnlocks(journal.New(faulty, s.Tables["lookups"], "", w.clock), accounts),
		EmailUses: emailuse.NewStore(faulty, s.Tables["emails"]), Emails: w, Switch: w, OwnerNotice: true, Clock: w.clock, Log: log,
		Metrics: metric.New(io.Discard, "test", "unlock", w.clock),
		Secret:  func(context.Context) (string, error) { return "secret", nil }}
	w.desk = &helpdesk.Desk{Database: db, Messages: s.SQSClient(), By: "Jo", Clock: w.clock,
		Tables: helpdesk.Tables{Teachers: s.Tables["teachers"], Emails: s.Tables["emails"], Lookups: s.Tables["lookups"], HelpdeskRequests: s.Tables["helpdeskRequests"]},
		Queues: helpdesk.Queues{Matches: s.Queues["matches"], MatchesDeadLetter: s.Queues["matchesDeadLetter"], Emails: s.Queues["emails"], EmailsDeadLetter: s.Queues["emailsDeadLetter"]}}
	w.records = func() *register.Records { return register.NewRecords(db, s.Tables["teachers"]) }
	return w
}

func (w *world) clock() time.Time { return w.now }

// On is the switch of unlocking.
func (w *world) On(context.Context) (bool, error) { return w.on, nil }

// SendMatch takes a match into the test's hand.
func (w *world) SendMatch(_ context.Context, m message.Match) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.matches = append(w.matches, m)
	return nil
}

// ResendMatch takes a match of which nothing was decided.
func (w *world) ResendMatch(ctx context.Context, m message.Match, _ time.Time) error {
	return w.SendMatch(ctx, m)
}

// SendEmail notes an email. The queue and notify know each by its reference, so a second is none.
func (w *world) SendEmail(_ context.Context, e message.Email) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.emails[e.Reference()]++
	return nil
}

// fetch takes what the helpdesk's program sent to the queue of matches.
func (w *world) fetch(t *testing.T) {
	t.Helper()
	for _, m := range localtest.Drain(t, w.Servers, "matches") {
		match, err := message.ParseMatch(*m.Body)
		if err != nil {
			t.Fatal(err)
		}
		w.matches = append(w.matches, match)
	}
}

// person is one of the world's people; their details never change.
type person struct {
	trn         string
	first, last string
	born        string
	nino        string
}

func (w *world) person(n int) person {
	id := w.number*10 + n
	return person{trn: fmt.Sprintf("%07d", 1_000_000+id), first: "Ann" + letters(id), last: "Cox" + letters(id),
		born: time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, id).Format(time.DateOnly), nino: fmt.Sprintf("QQ%06dC", id)}
}

func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

// mailbox is one of the world's mailboxes, in one of its spellings.
func (w *world) mailbox(n, spelling int) string {
	name := fmt.Sprintf("world%d.box%d", w.number, n)
	return []string{name + "@example.com", strings.ToUpper(name) + "@EXAMPLE.com", name + "+tag@example.com"}[spelling]
}

func (w *world) email(t *testing.T, n, spelling int) teacher.Email {
	t.Helper()
	e, err := teacher.ParseEmail(w.mailbox(n, spelling))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// lookUp makes a lookup as a person does.
func (w *world) lookUp(t *testing.T, p person, mailbox string) lookup.Answer {
	t.Helper()
	d := lookup.Details{Email: mailbox, FirstName: p.first, LastName: p.last, NINO: p.nino,
		DateOfBirth: lookup.TypedDate{Day: p.born[8:], Month: p.born[5:7], Year: p.born[:4]}}
	q, problems := d.Check(teacher.LondonDate(w.now))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	a, err := w.lookups.Lookup(t.Context(), lookup.Request{Query: q, Source: "203.0.113.9"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// row is a row of an extract.
type row struct {
	status, alerts, locked, lockedAt string
	broken                           bool
}

// load loads an extract of a row, as of now.
func (w *world) load(t *testing.T, p person, r row) {
	t.Helper()
	born := p.born
	if r.broken {
		born = "never"
	}
	at := w.now.Format(time.RFC3339)
	file := "trn,first_name,last_name,date_of_birth,national_insurance_number,status,alerts,locked,locked_at,updated_at\n" +
		strings.Join([]string{p.trn, p.first, p.last, born, p.nino, r.status, r.alerts, r.locked, r.lockedAt, at}, ",") + "\n"
	var rejects bytes.Buffer
	summary, err := load.Run(t.Context(), load.Options{Reader: strings.NewReader(file), Records: w.records(), Rejects: &rejects, Clock: w.clock})
	if err != nil || summary.Rejected > 0 != r.broken {
		t.Fatalf("load %s: %+v, %v, %s", file, summary, err, rejects.String())
	}
}

// handle handles a match as the unlock function does, with a fault in one of its calls if crash is not negative.
func (w *world) handle(t *testing.T, m message.Match, crash int, mode faults.Mode) error {
	t.Helper()
	w.wire.Reset(func(call int, _ string) faults.Mode {
		if call == crash {
			return mode
		}
		return ""
	}, nil)
	return w.unlocks.Process(t.Context(), m)
}

// kinds are the emails sent of a lookup.
func (w *world) kinds(id string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for reference := range w.emails {
		if kind, ok := strings.CutPrefix(reference, id+"-"); ok {
			all = append(all, kind)
		}
	}
	slices.Sort(all)
	return all
}
