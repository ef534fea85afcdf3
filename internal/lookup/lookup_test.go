package lookup_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/limits"
	"losttrn/internal/local/faults"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// TestWhatALookupDoes: the one durable change of each outcome, all with one fixture.
func TestWhatALookupDoes(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	for name, test := range map[string]func(*testing.T, *fixture){
		"a match is one message":                      testAMatchIsOneMessage,
		"no match keeps nothing personal":             testNoMatchKeepsNothingPersonal,
		"several go to the helpdesk at once":          testSeveralGoToTheHelpdeskAtOnce,
		"without a key every request is a new lookup": testWithoutAKeyEveryRequestIsANewLookup,
	} {
		w.run(name, func(t *testing.T) { test(t, w) })
	}
}

func testAMatchIsOneMessage(t *testing.T, w *fixture) {
	d := ann()
	d.Email, d.FirstName = " Ann+School@example.com ", " Annie"
	a := w.lookup(w.request(d))
	if a.Outcome != lookup.TRNSent {
		t.Fatalf("outcome %s", a.Outcome)
	}
	want := state{matches: `{"version":1,"lookupId":"LOOKUP","trn":"1000001","email":"Ann+School@example.com","name":"Annie Example",` +
		`"matchedAt":"2026-11-22T12:00:00.000Z","evidence":["name","date_of_birth","national_insurance_number","email"]}`}
	if got := w.state(a.LookupID); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func testNoMatchKeepsNothingPersonal(t *testing.T, w *fixture) {
	a := w.lookup(w.request(nobody()))
	want := state{lookup: "expiresAt=1842609600; lookupId=LOOKUP; outcome=no_match; receivedAt=2026-11-22T12:00:00.000Z; reference=REFERENCE; "}
	if got := w.state(a.LookupID); a.Outcome != lookup.NoMatch || got != want {
		t.Errorf("%s: got %+v, want %+v", a.Outcome, got, want)
	}
}

func testSeveralGoToTheHelpdeskAtOnce(t *testing.T, w *fixture) {
	a := w.lookup(w.request(bob()))
	got := w.state(a.LookupID)
	want := state{
		lookup: "expiresAt=1842609600; lookupId=LOOKUP; outcome=helpdesk; receivedAt=2026-11-22T12:00:00.000Z; reference=REFERENCE; ",
		request: "candidateTrns=[1000002 1000003]; details={dateOfBirth=1970-05-05; email=bob@example.com; firstName=Bob; lastName=Example; }; " +
			"emailKey=bob@example.com; expiresAt=1803124800; lookupId=LOOKUP; requestedAt=2026-11-22T12:00:00.000Z; why=several; ",
		emails: `{"version":1,"lookupId":"LOOKUP","kind":"helpdesk_request","email":"bob@example.com"}` + "\n" +
			`{"version":1,"lookupId":"LOOKUP","kind":"helpdesk_ticket"}`,
	}
	if a.Outcome != lookup.Helpdesk || got != want {
		t.Errorf("%s: got\n%+v, want\n%+v", a.Outcome, got, want)
	}
}

func testWithoutAKeyEveryRequestIsANewLookup(t *testing.T, w *fixture) {
	r := w.request(ann())
	r.IdempotencyKey = ""
	a, b := w.lookup(r), w.lookup(r)
	if a.LookupID == b.LookupID || !lookup.IsID(a.LookupID) || !lookup.IsID(b.LookupID) {
		t.Errorf("%s, %s", a.LookupID, b.LookupID)
	}
	if got := w.drain("matches"); len(got) != 2 {
		t.Errorf("%d messages", len(got))
	}
}

func TestRequestHelp(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	none := w.request(nobody())
	id := w.lookup(none).LookupID
	w.now = noon.Add(time.Minute)
	if err := w.service.RequestHelp(t.Context(), id, none); err != nil {
		t.Fatal(err)
	}
	first := w.state(id)
	for _, part := range []string{"why=no_match", "requestedAt=2026-11-22T12:01:00.000Z", "email=canary.nobody@example.com", "lastName=Canary",
		"nationalInsuranceNumber=QQ654321A", "dateOfBirth=1980-01-31", "expiresAt=1803124860"} {
		if !strings.Contains(first.request, part) {
			t.Errorf("no %s in %s", part, first.request)
		}
	}
	if !strings.Contains(first.emails, `"kind":"helpdesk_request","email":"canary.nobody@example.com"}`) || !strings.Contains(first.emails, `"kind":"helpdesk_ticket"}`) {
		t.Errorf("emails: %s", first.emails)
	}
	// Asked again, in another spelling: nothing more is done. With other details or another note: the first are kept,
	// nobody else is written to, and the answer says so.
	w.now = noon.Add(time.Hour)
	spelled := none
	spelled.Query.Email = email(t, "Canary.Nobody@example.com")
	if err := w.service.RequestHelp(t.Context(), id, spelled); err != nil {
		t.Fatal(err)
	}
	again, noted := none, none
	again.Query.Email, again.Query.FirstName = w.query(ann()).Email, "Other"
	noted.Note = "I taught in Kent."
	for name, other := range map[string]lookup.Request{"other details": again, "another note": noted} {
		err := w.service.RequestHelp(t.Context(), id, other)
		if !errors.Is(err, fault.Conflict) || fault.Reason(err) != lookup.ReasonOtherDetails {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := w.state(id); got.request != first.request || strings.Contains(got.emails, "ann@example.com") {
		t.Errorf("asked again:\n%+v\nfirst:\n%+v", got, first)
	}

	for name, test := range map[string]struct {
		id   string
		want error
	}{
		"unknown":         {lookup.NewID(), fault.NotFound},
		"several matched": {w.lookup(w.request(bob())).LookupID, fault.Conflict},
	} {
		if err := w.service.RequestHelp(t.Context(), test.id, again); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	found := w.lookup(w.request(ann())).LookupID
	match, err := message.ParseMatch(w.drain("matches")[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.RecordMatch(t.Context(), match); err != nil {
		t.Fatal(err)
	}
	if err := w.service.RequestHelp(t.Context(), found, again); !errors.Is(err, fault.Conflict) {
		t.Errorf("of a match: %v", err)
	}
	// 18 months later the lookup is forgotten, whether DynamoDB has deleted it or not.
	w.now = noon.AddDate(0, 18, 0)
	if err := w.service.RequestHelp(t.Context(), id, none); !errors.Is(err, fault.NotFound) {
		t.Errorf("of an expired lookup: %v", err)
	}
}

func email(t *testing.T, typed string) teacher.Email {
	t.Helper()
	parsed, err := teacher.ParseEmail(typed)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestLimitsStopEverything: a request over the limit does nothing, whatever it would have found, and says when to
// come again.
func TestLimitsStopEverything(t *testing.T) {
	w := newFixture(t, limits.PerHour{Address: 100, Email: 1})
	w.people()
	w.now = noon.Add(20 * time.Minute)
	for name, d := range map[string]lookup.Details{"found": ann(), "several": bob(), "nobody": nobody()} {
		w.run(name, func(t *testing.T) {
			w.lookup(w.request(d))
			w.drain("matches")
			w.drain("emails")
			r := w.request(d)
			a, err := w.service.Lookup(t.Context(), r)
			var limit *lookup.LimitError
			if !errors.As(err, &limit) || limit.RetryAfter != 40*time.Minute || a.Outcome != "" {
				t.Fatalf("%+v, %v", a, err)
			}
			if !errors.Is(err, fault.Throttled) {
				t.Error("a limit is not of the kind throttled")
			}
			if got := w.state(a.LookupID); got != (state{}) {
				t.Errorf("done all the same: %+v", got)
			}
			if _, err := w.service.Peek(t.Context(), r.Source, r.Query); !errors.As(err, &limit) {
				t.Errorf("peek: %v", err)
			}
			if err := w.service.RequestHelp(t.Context(), lookup.NewID(), r); !errors.As(err, &limit) {
				t.Errorf("helpdesk request: %v", err)
			}
		})
	}
}

func TestASecretThatCannotBeRead(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	down := fault.New(fault.Unavailable, "ssm_down")
	w.service.Secret = func(context.Context) (string, error) { return "", down }
	if _, err := w.service.Lookup(t.Context(), w.request(ann())); !errors.Is(err, down) {
		t.Errorf("%v", err)
	}
	if calls := w.line.calls(); len(calls) > 0 {
		t.Errorf("calls without an id: %v", calls)
	}
}

// TestAFormerTRNLeadsToItsSurvivor: a TRN from before a merge is evidence for the record that absorbed it.
func TestAFormerTRNLeadsToItsSurvivor(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	w.teacher("1000005", func(i attribute.Item) { // entered twice, with another date of birth, now merged into the first
		i["status"], i["mergedInto"], i["dateOfBirth"] = attribute.String("merged"), attribute.String("1000001"), attribute.String("1980-01-13")
		withoutNINO(i)
		delete(i, "emailKey")
	})
	w.teacher("1000001", func(i attribute.Item) {
		i["formerTrns"] = attribute.Strings([]string{"1000005"})
		withoutNINO(i)
	})
	d := ann()
	d.NINO, d.TRN = "", "1000005"
	a := w.lookup(w.request(d))
	got := w.drain("matches")
	if a.Outcome != lookup.TRNSent || len(got) != 1 || !strings.Contains(got[0], `"trn":"1000001"`) ||
		!strings.Contains(got[0], `"evidence":["name","date_of_birth","email","trn"]`) {
		t.Errorf("%s: %v", a.Outcome, got)
	}
	if calls := w.line.calls(); slices.Contains(calls, "Scan teachers") {
		t.Errorf("calls: %v", calls)
	}
}

// TestTheKeptRequestIsAcknowledged: the request was kept and its acknowledgement lost; whoever asks again, with
// whatever address, the one whose request is kept is written to.
func TestTheKeptRequestIsAcknowledged(t *testing.T) {
	w := newFixture(t, plenty)
	first := w.request(nobody())
	id := w.lookup(first).LookupID
	w.line.reset(nil)
	w.line.fail("SendMessage emails", 0, faults.Before)
	if err := w.service.RequestHelp(t.Context(), id, first); !errors.Is(err, fault.Unavailable) {
		t.Fatalf("%v", err)
	}
	w.line.reset(nil)
	other := first
	other.Query.Email = w.query(ann()).Email
	if err := w.service.RequestHelp(t.Context(), id, other); !errors.Is(err, fault.Conflict) {
		t.Fatalf("%v", err)
	}
	if got := w.state(id).emails; !strings.Contains(got, "canary.nobody@example.com") || strings.Contains(got, other.Query.Email.Typed()) {
		t.Errorf("emails: %s", got)
	}
}

// panicking is a register on which every read panics, with what a person typed.
type panicking struct{}

func (panicking) Candidates(_ context.Context, p matching.Person) (matching.Candidates, error) {
	panic(p.First)
}

// TestAPanicBesideTheRequest is a failure of the request like any other: the process goes on, and the panic's value
// is in no error.
func TestAPanicBesideTheRequest(t *testing.T) {
	w := newFixture(t, plenty)
	w.service.Register = panicking{}
	_, err := w.service.Lookup(t.Context(), w.request(ann()))
	if fault.Reason(err) != "panic" || strings.Contains(err.Error(), ann().FirstName) {
		t.Errorf("lookup: %v", err)
	}
	request := w.request(ann())
	if _, err := w.service.Peek(t.Context(), request.Source, request.Query); fault.Reason(err) != "panic" {
		t.Errorf("peek: %v", err)
	}
}

// TestAPersonWithOneName gives it as first and as last name, because the form asks for both, and is found.
func TestAPersonWithOneName(t *testing.T) {
	w := newFixture(t, plenty)
	w.teacher("1000001", func(i attribute.Item) {
		i["firstName"] = attribute.String("Suresh")
		delete(i, "lastName")
	})
	d := ann()
	d.FirstName, d.LastName = "Suresh", "Suresh"
	if got := w.lookup(w.request(d)); got.Outcome != lookup.TRNSent {
		t.Error(got.Outcome)
	}
	d.NINO, d.Email = "QQ654321A", "canary.suresh@example.com"
	if got := w.lookup(w.request(d)); got.Outcome != lookup.NoMatch { // and what was tried is remembered
		t.Error(got.Outcome)
	}
}
