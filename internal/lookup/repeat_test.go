package lookup_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// TestTenAtOnceWithOneKey: however many make the same request at the same instant, one lookup is made.
func TestTenAtOnceWithOneKey(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	for _, test := range attempts {
		if test.name == undecided {
			continue // it begins with a lookup that was made before
		}
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
	w := newFixture(t, plenty)
	w.people()
	found, several, none := w.request(ann()), w.request(bob()), w.request(nobody())
	first := map[*lookup.Request]lookup.Answer{&found: w.lookup(found), &several: w.lookup(several), &none: w.lookup(none)}
	// The unlock function records the match.
	match, err := message.ParseMatch(w.drain("matches")[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.RecordMatch(t.Context(), match); err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.RecordDecision(t.Context(), match.LookupID, unlocking.Decision{Outcome: unlocking.NotLocked}, noon); err != nil {
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
	w := newFixture(t, plenty)
	w.people()
	for _, d := range []lookup.Details{nobody(), bob()} {
		w.line.reset(nil)
		r := w.request(d)
		match := message.Match{TRN: trn(t, "1000001"), Email: r.Query.Email, Name: "Ann Example", MatchedAt: noon.Add(-time.Minute),
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

// TestARecordedMatchHealsByItsKey: the message of a match was lost after the match was recorded, so nothing is decided.
// The same request sends the recorded match again, whatever the register holds by then, until something is decided.
func TestARecordedMatchHealsByItsKey(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	r := w.request(ann())
	want := w.lookup(r)
	lost := w.drain("matches")
	match, err := message.ParseMatch(lost[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.RecordMatch(t.Context(), match); err != nil {
		t.Fatal(err)
	}
	_, err = w.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(w.servers.Tables["teachers"]),
		Key: attribute.Item{"trn": attribute.String("1000001")}})
	if err != nil {
		t.Fatal(err)
	}
	for minute := range 2 {
		w.now = noon.Add(time.Duration(minute+1) * time.Minute)
		w.line.reset(nil)
		for range 3 {
			if got := w.lookup(r); got != want {
				t.Errorf("answered %+v, want %+v", got, want)
			}
		}
		if got := slices.Index(w.line.calls(), "SendMessage matches"); got < 0 {
			t.Error("the match was not sent again")
		}
		if got := w.drain("matches"); len(got) != 1 || got[0] != lost[0] {
			t.Errorf("sent again: %v, want %v once a minute", got, lost)
		}
	}
	if _, err := w.journal.RecordDecision(t.Context(), match.LookupID, unlocking.Decision{Outcome: unlocking.NotLocked}, w.now); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	if got := w.lookup(r); got != want {
		t.Errorf("answered %+v, want %+v", got, want)
	}
	if got := w.drain("matches"); len(got) > 0 {
		t.Errorf("a decided match was sent again: %v", got)
	}
}

// forget deletes a lookup and its helpdesk request.
func (w *fixture) forget(id string) {
	w.t.Helper()
	for _, table := range []string{"lookups", "helpdeskRequests"} {
		_, err := w.db.DeleteItem(w.t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(w.servers.Tables[table]),
			Key: attribute.Item{"lookupId": attribute.String(id)}})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}
