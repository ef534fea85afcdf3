package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/notify"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// memory is the journal and Notify in memory, each call of which may fail before or after it took effect.
type memory struct {
	times   map[string]time.Time   // what the journal holds, by reference
	taken   []string               // references that Notify took
	status  time.Time              // when Notify says that it took them
	match   unlocking.Recorded     // of the lookup
	request lookup.HelpdeskRequest // that is kept
	owner   teacher.Email          // on the record of the match; zero, there is none
	faults  []moment               // what happens to the calls to come, in order; then none fails
}

// moment is how a call goes.
type moment int

const (
	fine moment = iota
	lostBefore
	lostAfter
)

// newMemory is the memory of a lookup that found Ann's TRN, and of a request to the helpdesk under the same id.
func newMemory(t testing.TB) *memory {
	t.Helper()
	trn := email(t, message.KindTRN)
	return &memory{times: map[string]time.Time{}, status: now.Add(-time.Minute),
		match: unlocking.Recorded{TRN: trn.TRN, Email: trn.To}, request: request(t), owner: mustEmail(t, "owner@example.com")}
}

// request is a request to the helpdesk by somebody who matched two records.
func request(t testing.TB) lookup.HelpdeskRequest {
	t.Helper()
	d := lookup.Details{Email: "Ann+school@example.com", FirstName: "Ann", LastName: "Example",
		DateOfBirth: lookup.TypedDate{Day: "31", Month: "1", Year: "1980"}, NINO: "QQ 12 34 56 C", TRN: "0123456"}
	today, err := teacher.ParseDate("2026-05-01")
	if err != nil {
		t.Fatal(err)
	}
	q, problems := d.Check(today)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r := lookup.HelpdeskRequest{LookupID: lookupID, Why: lookup.WhySeveral, Query: q, Note: "I was at school in Leeds.", RequestedAt: now}
	for _, digits := range []string{"1000001", "0000002"} {
		trn, err := teacher.ParseTRN(digits)
		if err != nil {
			t.Fatal(err)
		}
		r.Candidates = append(r.Candidates, trn)
	}
	return r
}

// call does something, or not, or does it and fails all the same.
func (w *memory) call(do func()) error {
	next := fine
	if len(w.faults) > 0 {
		next, w.faults = w.faults[0], w.faults[1:]
	}
	if next != lostBefore {
		do()
	}
	if next != fine {
		return fmt.Errorf("call: %w", fault.Unavailable)
	}
	return nil
}

func (w *memory) Email(_ context.Context, lookupID string, kind message.Kind) (match unlocking.Recorded, sent bool, err error) {
	err = w.call(func() { _, sent = w.times[lookupID+"-"+string(kind)] })
	return w.match, sent && err == nil, err
}

func (w *memory) HelpdeskRequest(_ context.Context, lookupID string) (r lookup.HelpdeskRequest, err error) {
	gone := false
	err = w.call(func() { r, gone = w.request, lookupID != w.request.LookupID })
	if gone && err == nil {
		err = fault.New(fault.NotFound, "request_is_gone")
	}
	return r, err
}

func (w *memory) Owner(_ context.Context, trn teacher.TRN) (owner teacher.Email, err error) {
	err = w.call(func() { owner = w.owner })
	if err == nil && (owner.IsZero() || trn != w.match.TRN) {
		err = fault.New(fault.NotFound, "no_address_on_record")
	}
	return owner, err
}

func mustEmail(t testing.TB, address string) teacher.Email {
	t.Helper()
	email, err := teacher.ParseEmail(address)
	if err != nil {
		t.Fatal(err)
	}
	return email
}

func (w *memory) RecordEmailSent(_ context.Context, lookupID string, kind message.Kind, at time.Time) error {
	return w.call(func() {
		if _, recorded := w.times[lookupID+"-"+string(kind)]; !recorded {
			w.times[lookupID+"-"+string(kind)] = at
		}
	})
}

func (w *memory) Send(_ context.Context, letter notify.Letter) error {
	return w.call(func() { w.taken = append(w.taken, letter.Reference) })
}

func (w *memory) FindByReference(_ context.Context, reference string) (at time.Time, found bool, err error) {
	err = w.call(func() {
		for _, taken := range w.taken {
			found = found || taken == reference
		}
	})
	if !found || err != nil {
		return time.Time{}, false, err
	}
	return w.status, true, nil
}

func (w *memory) mailer() *notify.Mailer { return mailer(w, w) }

func mailer(w *memory, post notify.Post) *notify.Mailer {
	mailbox, err := teacher.ParseEmail("helpdesk@example.com")
	if err != nil {
		panic(err)
	}
	return &notify.Mailer{Journal: w, Requests: w, Owners: w, Post: post, Clock: clock, Log: slog.New(slog.DiscardHandler),
		Desk:    notify.Desk{Mailbox: mailbox, Email: "qts.enquiries@education.gov.uk", WorkingDays: "5"},
		Metrics: metric.New(io.Discard, "test", "notify", clock)}
}

func TestDeliver(t *testing.T) {
	for _, kind := range message.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			w := newMemory(t)
			for range 3 { // handed out again and again
				if err := w.mailer().Deliver(t.Context(), email(t, kind)); err != nil {
					t.Fatal(err)
				}
			}
			reference := lookupID + "-" + string(kind)
			if len(w.taken) != 1 || w.taken[0] != reference {
				t.Errorf("sent %v, want %s once", w.taken, reference)
			}
			if !w.times[reference].Equal(now) {
				t.Errorf("recorded as sent at %v, want %v", w.times[reference], now)
			}
		})
	}
}

// TestDeliverTrustsTheJournal: what was recorded is not sent again, even after Notify has forgotten it.
func TestDeliverTrustsTheJournal(t *testing.T) {
	w := newMemory(t)
	w.times[lookupID+"-trn"] = now.AddDate(0, -1, 0)
	if err := w.mailer().Deliver(t.Context(), email(t, message.KindTRN)); err != nil || len(w.taken) != 0 {
		t.Errorf("sent %v, %v", w.taken, err)
	}
}

func TestKindsOfALookupAreSentApart(t *testing.T) {
	w := newMemory(t)
	for _, kind := range []message.Kind{message.KindTRN, message.KindUnlocked} {
		if err := w.mailer().Deliver(t.Context(), email(t, kind)); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.taken) != 2 {
		t.Errorf("sent %v, want both", w.taken)
	}
}

// TestDeliverAfterACrash: wherever a first attempt ends, before or after a call took effect, the next sends what
// was not sent and nothing else, and the time is recorded.
func TestDeliverAfterACrash(t *testing.T) {
	for _, kind := range message.Kinds() {
		calls := 4 // read the journal, ask Notify, send, record
		if kind == message.KindHelpdeskTicket {
			calls++ // read the request
		}
		if kind == message.KindOwnerNotice {
			calls++ // read the address
		}
		for at := range calls {
			for _, how := range []moment{lostBefore, lostAfter} {
				t.Run(fmt.Sprintf("%s, call %d, %v", kind, at, how), func(t *testing.T) {
					w := newMemory(t)
					w.faults = append(make([]moment, at), how)
					if err := w.mailer().Deliver(t.Context(), email(t, kind)); !errors.Is(err, fault.Unavailable) {
						t.Fatalf("first attempt: %v, want %v", err, fault.Unavailable)
					}
					if err := w.mailer().Deliver(t.Context(), email(t, kind)); err != nil {
						t.Fatalf("second attempt: %v", err)
					}
					if len(w.taken) != 1 || len(w.times) != 1 {
						t.Errorf("sent %v, recorded %v; want one of each", w.taken, w.times)
					}
				})
			}
		}
	}
}

// TestDeliverThroughAnyFaults: however many attempts fail and where, the email is sent once.
func TestDeliverThroughAnyFaults(t *testing.T) {
	trn, fresh := email(t, message.KindTRN), *newMemory(t)
	rapid.Check(t, func(t *rapid.T) {
		w := fresh
		w.times = map[string]time.Time{}
		w.faults = rapid.SliceOfN(rapid.SampledFrom([]moment{fine, lostBefore, lostAfter}), 0, 40).Draw(t, "faults")
		attempts := 0
		for w.mailer().Deliver(context.Background(), trn) != nil {
			if attempts++; attempts > 41 {
				t.Fatal("never delivered")
			}
		}
		if len(w.taken) != 1 || len(w.times) != 1 {
			t.Errorf("sent %v, recorded %v; want one of each", w.taken, w.times)
		}
	})
}

// TestDeliverRecordsWhenNotifyTookIt: the time of an email found at Notify is Notify's, where it says so.
func TestDeliverRecordsWhenNotifyTookIt(t *testing.T) {
	for _, status := range []time.Time{now.Add(-time.Hour), {}} {
		w := newMemory(t)
		w.taken, w.status = []string{lookupID + "-trn"}, status
		if err := w.mailer().Deliver(t.Context(), email(t, message.KindTRN)); err != nil {
			t.Fatal(err)
		}
		want := status
		if want.IsZero() {
			want = now
		}
		if len(w.taken) != 1 || !w.times[lookupID+"-trn"].Equal(want) {
			t.Errorf("sent %d times, recorded at %v; want once, %v", len(w.taken), w.times[lookupID+"-trn"], want)
		}
	}
}

// TestDeliverKeepsTheKindOfAFailure: the queue's handler decides by it.
func TestDeliverKeepsTheKindOfAFailure(t *testing.T) {
	for _, status := range []struct {
		code int
		kind error
	}{{413, fault.Invalid}, {403, fault.Unavailable}, {429, fault.Throttled}, {500, fault.Unavailable}} {
		s := newServer(t)
		s.answer = func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				reply(rw, http.StatusOK, `{"notifications":[]}`)
				return
			}
			reply(rw, status.code, `{}`)
		}
		w := newMemory(t)
		if err := mailer(w, s.client()).Deliver(t.Context(), email(t, message.KindTRN)); !errors.Is(err, status.kind) || len(w.times) != 0 {
			t.Errorf("%d: %v, recorded %v; want %v and nothing", status.code, err, w.times, status.kind)
		}
	}
}

func TestProcessRefusesWhatItCannotRead(t *testing.T) {
	w := newMemory(t)
	for _, body := range []string{"", "{", `{"version":2}`, `{"version":1,"lookupId":"x","kind":"other","email":"a@example.com","name":"A"}`} {
		if err := w.mailer().Process(t.Context(), events.SQSMessage{Body: body}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v, want %v", body, err, fault.Invalid)
		}
	}
	if err := w.mailer().Process(t.Context(), events.SQSMessage{Body: email(t, message.KindTRN).Body()}); err != nil || len(w.taken) != 1 {
		t.Errorf("a good one: %v, sent %v", err, w.taken)
	}
}

func TestDeliverLogsIDsOnly(t *testing.T) {
	var lines bytes.Buffer
	w := newMemory(t)
	mailer := w.mailer()
	mailer.Log = slog.New(slog.NewJSONHandler(&lines, nil))
	for range 2 {
		if err := mailer.Deliver(t.Context(), email(t, message.KindTRN)); err != nil {
			t.Fatal(err)
		}
	}
	for _, secret := range []string{"example.com", "Ann", "0123456\""} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("%q stands in the log:\n%s", secret, lines.String())
		}
	}
	if strings.Count(lines.String(), `"lookupId":"`+lookupID+`"`) != strings.Count(lines.String(), "\n") {
		t.Errorf("a line lacks the lookup id:\n%s", lines.String())
	}
}
