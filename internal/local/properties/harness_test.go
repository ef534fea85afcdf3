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

// servers are those of one test. Each harness has its own people and mailboxes on them.
type servers struct {
	*local.Servers
	wire      *faults.Wire // between the unlock function's use case and DynamoDB and SQS
	harnesses int
}

// harness is the service's use cases with a few people and mailboxes. A test decides when each message is delivered.
type harness struct {
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

func newHarness(t *testing.T, s *servers) *harness {
	t.Helper()
	s.harnesses++
	h := &harness{servers: s, number: s.harnesses, on: true, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), emails: map[string]int{}}
	db := s.DynamoDBClient()
	faulty, _ := localtest.Clients(s.Servers, s.wire, 1)
	secret := func(context.Context) (string, error) { return "secret", nil }
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	entries := journal.New(db, s.Tables["lookups"], s.Tables["helpdeskRequests"], h.clock)
	h.lookups = &lookup.Service{Register: register.NewStore(db, s.Tables["teachers"]), Journal: entries, Queue: h,
		Limiter: limits.Off{Secret: secret}, Tries: limits.Off{Secret: secret}, Secret: secret, Clock: h.clock, Log: log,
		Metrics: metric.New(io.Discard, "test", "lookup", h.clock), ExampleNINOs: true}
	accounts := register.NewStore(faulty, s.Tables["teachers"])
	h.unlocks = &unlocking.Service[register.Snapshot]{Accounts: accounts,
		Journal:   journal.NewUnlocks(journal.New(faulty, s.Tables["lookups"], "", h.clock), accounts),
		EmailUses: emailuse.NewStore(faulty, s.Tables["emails"]), Emails: h, Switch: h, OwnerNotice: true, Clock: h.clock, Log: log,
		Metrics: metric.New(io.Discard, "test", "unlock", h.clock),
		Secret:  func(context.Context) (string, error) { return "secret", nil }}
	h.desk = &helpdesk.Desk{Database: db, Messages: s.SQSClient(), By: "Jo", Clock: h.clock,
		Tables: helpdesk.Tables{Teachers: s.Tables["teachers"], Emails: s.Tables["emails"], Lookups: s.Tables["lookups"], HelpdeskRequests: s.Tables["helpdeskRequests"]},
		Queues: helpdesk.Queues{Matches: s.Queues["matches"], MatchesDeadLetter: s.Queues["matchesDeadLetter"], Emails: s.Queues["emails"], EmailsDeadLetter: s.Queues["emailsDeadLetter"]}}
	h.records = func() *register.Records { return register.NewRecords(db, s.Tables["teachers"]) }
	return h
}

func (h *harness) clock() time.Time { return h.now }

// On is the switch of unlocking.
func (h *harness) On(context.Context) (bool, error) { return h.on, nil }

// SendMatch keeps a match until the test delivers it.
func (h *harness) SendMatch(_ context.Context, m message.Match) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.matches = append(h.matches, m)
	return nil
}

// ResendMatch keeps an undecided match again.
func (h *harness) ResendMatch(ctx context.Context, m message.Match, _ time.Time) error {
	return h.SendMatch(ctx, m)
}

// SendEmail counts an email by its reference, by which the queue and notify recognise a repetition.
func (h *harness) SendEmail(_ context.Context, e message.Email) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.emails[e.Reference()]++
	return nil
}

// fetch takes what the helpdesk's program sent to the queue of matches.
func (h *harness) fetch(t *testing.T) {
	t.Helper()
	for _, m := range localtest.Drain(t, h.Servers, "matches") {
		match, err := message.ParseMatch(*m.Body)
		if err != nil {
			t.Fatal(err)
		}
		h.matches = append(h.matches, match)
	}
}

// person is one of the harness's people; their details never change.
type person struct {
	trn         string
	first, last string
	born        string
	nino        string
}

func (h *harness) person(n int) person {
	id := h.number*10 + n
	return person{trn: fmt.Sprintf("%07d", 1_000_000+id), first: "Ann" + letters(id), last: "Cox" + letters(id),
		born: time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, id).Format(time.DateOnly), nino: fmt.Sprintf("QQ%06dC", id)}
}

func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

// mailbox is one of the harness's mailboxes, in one of its spellings.
func (h *harness) mailbox(n, spelling int) string {
	name := fmt.Sprintf("harness%d.box%d", h.number, n)
	return []string{name + "@example.com", strings.ToUpper(name) + "@EXAMPLE.com", name + "+tag@example.com"}[spelling]
}

func (h *harness) email(t *testing.T, n, spelling int) teacher.Email {
	t.Helper()
	e, err := teacher.ParseEmail(h.mailbox(n, spelling))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// lookUp makes a lookup as a person does.
func (h *harness) lookUp(t *testing.T, p person, mailbox string) lookup.Answer {
	t.Helper()
	d := lookup.Details{Email: mailbox, FirstName: p.first, LastName: p.last, NINO: p.nino,
		DateOfBirth: lookup.TypedDate{Day: p.born[8:], Month: p.born[5:7], Year: p.born[:4]}}
	q, problems := d.Check(teacher.LondonDate(h.now))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	a, err := h.lookups.Lookup(t.Context(), lookup.Request{Query: q, Source: "203.0.113.9"})
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
func (h *harness) load(t *testing.T, p person, r row) {
	t.Helper()
	born := p.born
	if r.broken {
		born = "never"
	}
	at := h.now.Format(time.RFC3339)
	file := "trn,first_name,last_name,date_of_birth,national_insurance_number,status,alerts,locked,locked_at,updated_at\n" +
		strings.Join([]string{p.trn, p.first, p.last, born, p.nino, r.status, r.alerts, r.locked, r.lockedAt, at}, ",") + "\n"
	var rejects bytes.Buffer
	summary, err := load.Run(t.Context(), load.Options{Reader: strings.NewReader(file), Records: h.records(), Rejects: &rejects, Clock: h.clock})
	if err != nil || summary.Rejected > 0 != r.broken {
		t.Fatalf("load %s: %+v, %v, %s", file, summary, err, rejects.String())
	}
}

// handle handles a match as the unlock function does, with a fault in one of its calls if crash is not negative.
func (h *harness) handle(t *testing.T, m message.Match, crash int, mode faults.Mode) error {
	t.Helper()
	h.wire.Reset(func(call int, _ string) faults.Mode {
		if call == crash {
			return mode
		}
		return ""
	}, nil)
	return h.unlocks.Process(t.Context(), m)
}

// kinds are the emails sent of a lookup.
func (h *harness) kinds(id string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for reference := range h.emails {
		if kind, ok := strings.CutPrefix(reference, id+"-"); ok {
			all = append(all, kind)
		}
	}
	slices.Sort(all)
	return all
}
