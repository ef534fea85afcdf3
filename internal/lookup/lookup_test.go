package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/limits"
	"losttrn/internal/lookup"
	"losttrn/internal/queue"
)

// TestWhatALookupDoes: the one durable change of each outcome, all in one world.
func TestWhatALookupDoes(t *testing.T) {
	w := newWorld(t, plenty)
	w.people()
	for name, test := range map[string]func(*testing.T, *world){
		"a match is one message":                      testAMatchIsOneMessage,
		"no match keeps nothing personal":             testNoMatchKeepsNothingPersonal,
		"several go to the helpdesk at once":          testSeveralGoToTheHelpdeskAtOnce,
		"without a key every request is a new lookup": testWithoutAKeyEveryRequestIsANewLookup,
	} {
		w.run(name, func(t *testing.T) { test(t, w) })
	}
}

func testAMatchIsOneMessage(t *testing.T, w *world) {
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

func testNoMatchKeepsNothingPersonal(t *testing.T, w *world) {
	a := w.lookup(w.request(nobody()))
	want := state{lookup: "expiresAt=1842609600; lookupId=LOOKUP; outcome=no_match; receivedAt=2026-11-22T12:00:00.000Z; "}
	if got := w.state(a.LookupID); a.Outcome != lookup.NoMatch || got != want {
		t.Errorf("%s: got %+v, want %+v", a.Outcome, got, want)
	}
}

func testSeveralGoToTheHelpdeskAtOnce(t *testing.T, w *world) {
	a := w.lookup(w.request(bob()))
	got := w.state(a.LookupID)
	want := state{
		lookup: "expiresAt=1842609600; lookupId=LOOKUP; outcome=helpdesk; receivedAt=2026-11-22T12:00:00.000Z; ",
		request: "candidateTrns=[1000002 1000003]; details={dateOfBirth=1970-05-05; email=bob@example.com; firstName=Bob; lastName=Example; }; " +
			"expiresAt=1803124800; lookupId=LOOKUP; requestedAt=2026-11-22T12:00:00.000Z; why=several; ",
		emails: `{"version":1,"lookupId":"LOOKUP","kind":"helpdesk_request","email":"bob@example.com","name":"Bob Example"}`,
	}
	if a.Outcome != lookup.Helpdesk || got != want {
		t.Errorf("%s: got\n%+v, want\n%+v", a.Outcome, got, want)
	}
}

// TestTenAtOnceWithOneKey: however many make the same request at the same instant, one lookup is made.
func TestTenAtOnceWithOneKey(t *testing.T) {
	w := newWorld(t, plenty)
	w.people()
	for _, test := range attempts {
		w.run(test.name, func(t *testing.T) {
			call, id := test.begin(w)
			if err := call(t.Context()); err != nil {
				t.Fatal(err)
			}
			clean := w.state(id())

			w.next++
			r := lookup.Request{Query: w.query(test.details), IdempotencyKey: fmt.Sprintf("key-%d", w.next),
				Source: "203.0.113.9"}
			help := test.name == "helpdesk request"
			known := lookup.Answer{}
			if help {
				known = w.lookup(r)
			}
			var all sync.WaitGroup
			answers, errs := make([]lookup.Answer, 10), make([]error, 10)
			for i := range answers {
				all.Go(func() {
					if help {
						answers[i], errs[i] = known, w.service.RequestHelp(t.Context(), known.LookupID, r)
						return
					}
					answers[i], errs[i] = w.service.Lookup(t.Context(), r)
				})
			}
			all.Wait()
			for i, a := range answers {
				// Those who meet in a transaction may be told to come again; none is told another outcome.
				if errs[i] != nil && !errors.Is(errs[i], fault.Throttled) {
					t.Errorf("%v", errs[i])
				}
				if errs[i] == nil && a.Outcome != test.want || a.LookupID != answers[0].LookupID {
					t.Errorf("%+v, want %s of %s", a, test.want, answers[0].LookupID)
				}
			}
			if got := w.state(answers[0].LookupID); got != clean {
				t.Errorf("ten at once:\n%+v\none:\n%+v", got, clean)
			}
		})
	}
}

// TestTheRecordedOutcomeIsAnsweredAgain, even after the register changed.
func TestTheRecordedOutcomeIsAnsweredAgain(t *testing.T) {
	w := newWorld(t, plenty)
	w.people()
	found, several, none := w.request(ann()), w.request(bob()), w.request(nobody())
	first := map[*lookup.Request]lookup.Answer{&found: w.lookup(found), &several: w.lookup(several), &none: w.lookup(none)}
	// The unlock function records the match.
	match, err := queue.ParseMatch(w.drain("matches")[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.RecordMatch(t.Context(), match); err != nil {
		t.Fatal(err)
	}
	before := map[string]state{}
	for _, a := range first {
		before[a.LookupID] = state{lookup: plain(w.item("lookups", a.LookupID)), request: plain(w.item("helpdeskRequests", a.LookupID))}
	}
	w.drain("emails")

	// One is gone, one of the two as well, and nobody becomes somebody.
	for _, trn := range []string{"1000001", "1000002"} {
		_, err := w.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(w.servers.Tables["teachers"]),
			Key: attribute.Item{"trn": attribute.String(trn)}})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.teacher("1000009", func(i attribute.Item) {
		i["lastName"], i["nationalInsuranceNumber"], i["emailKey"] = attribute.String("Canary"), attribute.String("QQ654321A"),
			attribute.String("canary.nobody@example.com")
	})
	w.now = noon.Add(240 * time.Hour)
	for r, want := range first {
		if got := w.lookup(*r); got != want {
			t.Errorf("again: %+v, want %+v", got, want)
		}
		got := state{lookup: plain(w.item("lookups", want.LookupID)), request: plain(w.item("helpdeskRequests", want.LookupID))}
		if got != before[want.LookupID] {
			t.Errorf("the record changed from\n%+v to\n%+v", before[want.LookupID], got)
		}
	}
	if got := w.drain("matches"); len(got) > 0 {
		t.Errorf("messages: %v", got)
	}
	// With another key they are other lookups.
	other := none
	other.IdempotencyKey = "another"
	if got := w.lookup(other); got.Outcome != lookup.TRNSent || got.LookupID == first[&none].LookupID {
		t.Errorf("with another key: %+v", got)
	}
}

// TestARecordedMatchIsNeverDowngraded, not even by a repeat that read before the match was recorded and the register
// changed in between.
func TestARecordedMatchIsNeverDowngraded(t *testing.T) {
	w := newWorld(t, plenty)
	w.people()
	for _, d := range []lookup.Details{nobody(), bob()} {
		w.line.reset(nil)
		r := w.request(d)
		match := queue.Match{TRN: trn(t, "1000001"), Email: r.Query.Email, Name: "Ann Example", MatchedAt: noon.Add(-time.Minute),
			Evidence: []string{"name"}}
		match.LookupID = w.lookup(lookup.Request{Query: r.Query, IdempotencyKey: r.IdempotencyKey}).LookupID
		w.forget(match.LookupID)
		w.state(match.LookupID)
		recorded := ""
		w.line.reset(func(label string) {
			if label == "PutItem lookups" || label == "TransactWriteItems" {
				if _, err := w.journal.RecordMatch(t.Context(), match); err != nil {
					t.Error(err)
				}
				recorded = plain(w.item("lookups", match.LookupID))
			}
		})
		got := w.lookup(r)
		if recorded == "" {
			t.Fatal("the match was not recorded in between")
		}
		if got.Outcome != lookup.TRNSent || plain(w.item("lookups", match.LookupID)) != recorded {
			t.Errorf("%s: %s after %s", got.Outcome, plain(w.item("lookups", match.LookupID)), recorded)
		}
		if s := w.state(match.LookupID); s.request != "" || s.emails != "" {
			t.Errorf("a helpdesk request was made of a match: %+v", s)
		}
	}
}

// forget deletes a lookup and its helpdesk request.
func (w *world) forget(id string) {
	w.t.Helper()
	for _, table := range []string{"lookups", "helpdeskRequests"} {
		_, err := w.db.DeleteItem(w.t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(w.servers.Tables[table]),
			Key: attribute.Item{"lookupId": attribute.String(id)}})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func testWithoutAKeyEveryRequestIsANewLookup(t *testing.T, w *world) {
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
	w := newWorld(t, plenty)
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
	if !strings.Contains(first.emails, `"kind":"helpdesk_request","email":"canary.nobody@example.com","name":"Ann Canary"}`) {
		t.Errorf("emails: %s", first.emails)
	}
	// Asked again, with other details: the first are kept, and nobody else is written to.
	again := none
	again.Query.Email, again.Query.FirstName = w.query(ann()).Email, "Other"
	w.now = noon.Add(time.Hour)
	if err := w.service.RequestHelp(t.Context(), id, again); err != nil {
		t.Fatal(err)
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
	match, err := queue.ParseMatch(w.drain("matches")[0])
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

// TestLimitsStopEverything: a request over the limit does nothing, whatever it would have found, and says when to
// come again.
func TestLimitsStopEverything(t *testing.T) {
	w := newWorld(t, limits.PerHour{Address: 100, Email: 1, Person: 100})
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
	w := newWorld(t, plenty)
	w.people()
	down := fault.With(fault.Unavailable, "ssm_down")
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
	w := newWorld(t, plenty)
	w.people()
	w.teacher("1000005", func(i attribute.Item) { // entered twice, with another date of birth, now merged into the first
		i["status"], i["mergedInto"], i["dateOfBirth"] = attribute.String("merged"), attribute.String("1000001"), attribute.String("1980-01-13")
		delete(i, "nationalInsuranceNumber")
		delete(i, "emailKey")
	})
	w.teacher("1000001", func(i attribute.Item) {
		i["formerTrns"] = attribute.Strings([]string{"1000005"})
		delete(i, "nationalInsuranceNumber")
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
