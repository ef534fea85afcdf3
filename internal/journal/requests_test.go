package journal_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

func testHelpdeskRequest(t *testing.T, w *fixture) {
	ctx := t.Context()
	kept := must[lookup.HelpdeskRequest](t)

	w.run("keeps all that was given", func(w *fixture) {
		r := w.request(w.newID(), lookup.WhyNoMatch, "Ann")
		r.Query.MiddleName, r.Query.PreviousFirstName, r.Query.PreviousLastName = "Mary", "Anna", "O’Other"
		r.Query.NINO = must[teacher.NINO](w)(teacher.ParseNINO("qq 12 34 56 c"))
		r.Query.TRN = must[teacher.TRN](w)(teacher.ParseTRN("0012345"))
		r.Query.TrainingProvider = "University of Nowhere"
		if got := kept(w.journal.RecordHelpdeskRequest(ctx, r)); got.Query != r.Query {
			w.Error("the request that is kept is another")
		}
		item := w.item("helpdeskRequests", r.LookupID)
		if got, want := names(item), []string{"details", "emailKey", "expiresAt", "lookupId", "requestedAt", "why"}; !slices.Equal(got, want) {
			w.Errorf("attributes %v, want %v", got, want)
		}
		w.wantText(item, "why", "no_match")
		w.wantText(item, "requestedAt", "2026-11-22T12:00:00.000Z")
		w.wantExpiry(item, noon.AddDate(0, 0, 90))
		details := attribute.Nested(item, "details")
		for name, want := range map[string]string{"email": "ann@example.com", "firstName": "Ann", "middleName": "Mary", "lastName": "Example",
			"previousFirstName": "Anna", "previousLastName": "O’Other", "dateOfBirth": "1980-01-31", "nationalInsuranceNumber": "QQ123456C",
			"trn": "0012345", "trainingProvider": "University of Nowhere"} {
			w.wantText(details, name, want)
		}
		if len(details) != 10 {
			w.Errorf("details %v", names(details))
		}
	})
	w.run("leaves out what was not given", func(w *fixture) {
		r := w.request(w.newID(), lookup.WhyNoMatch, "Ann")
		kept(w.journal.RecordHelpdeskRequest(ctx, r))
		details := attribute.Nested(w.item("helpdeskRequests", r.LookupID), "details")
		if got, want := names(details), []string{"dateOfBirth", "email", "firstName", "lastName"}; !slices.Equal(got, want) {
			w.Errorf("details %v, want %v", got, want)
		}
	})
	w.run("is kept once", func(w *fixture) {
		first := w.request(w.newID(), lookup.WhyNoMatch, "Ann")
		kept(w.journal.RecordHelpdeskRequest(ctx, first))
		again := w.request(first.LookupID, lookup.WhyNoMatch, "Bob")
		again.RequestedAt = noon.Add(time.Hour)
		got := kept(w.journal.RecordHelpdeskRequest(ctx, again))
		if got.Query.Email != first.Query.Email || got.Query.FullName() != "Ann Example" || !got.RequestedAt.Equal(noon) ||
			got.LookupID != first.LookupID || got.Why != lookup.WhyNoMatch {
			w.Error("the first request was not given back")
		}
		w.wantText(attribute.Nested(w.item("helpdeskRequests", first.LookupID), "details"), "firstName", "Ann")
	})
	w.run("is kept anew after 90 days", func(w *fixture) {
		first := w.request(w.newID(), lookup.WhyNoMatch, "Ann")
		kept(w.journal.RecordHelpdeskRequest(ctx, first))
		w.now = noon.AddDate(0, 0, 90)
		again := w.request(first.LookupID, lookup.WhyNoMatch, "Bob")
		if got := kept(w.journal.RecordHelpdeskRequest(ctx, again)); got.Query.FirstName != "Bob" {
			w.Errorf("%s", got.Query.FirstName)
		}
	})
	w.run("one of many at once is kept", func(w *fixture) {
		for range 10 {
			id := w.newID()
			a, b := w.request(id, lookup.WhyNoMatch, "Ann"), w.request(id, lookup.WhyNoMatch, "Bob")
			var gotA, gotB lookup.HelpdeskRequest
			together(w,
				func(ctx context.Context) (err error) { gotA, err = w.journal.RecordHelpdeskRequest(ctx, a); return err },
				func(ctx context.Context) (err error) { gotB, err = w.journal.RecordHelpdeskRequest(ctx, b); return err })
			if gotA.Query.FirstName != gotB.Query.FirstName {
				w.Fatalf("two are kept: %s and %s", gotA.Query.FirstName, gotB.Query.FirstName)
			}
		}
	})
}

func testSeveral(t *testing.T, w *fixture) {
	ctx := t.Context()
	outcome := must[lookup.Outcome](t)

	w.run("records the lookup and the request", func(w *fixture) {
		r := w.request(w.newID(), lookup.WhySeveral, "Bob")
		if got := outcome(w.journal.RecordSeveral(ctx, r)); got != lookup.Helpdesk {
			w.Errorf("outcome %s", got)
		}
		item := w.item("lookups", r.LookupID)
		if got, want := names(item), []string{"expiresAt", "lookupId", "outcome", "receivedAt", "reference"}; !slices.Equal(got, want) {
			w.Errorf("attributes %v, want %v", got, want)
		}
		w.wantText(item, "outcome", "helpdesk")
		w.wantExpiry(item, noon.AddDate(0, 18, 0))
		request := w.item("helpdeskRequests", r.LookupID)
		w.wantText(request, "why", "several")
		if got := attribute.Texts(request, "candidateTrns"); !slices.Equal(got, []string{"0000001", "0000002"}) {
			w.Errorf("candidates %v", got)
		}
		// Again: the outcome that is recorded, and nothing changes.
		if got := outcome(w.journal.RecordSeveral(ctx, w.request(r.LookupID, lookup.WhySeveral, "Ann"))); got != lookup.Helpdesk {
			w.Errorf("again: %s", got)
		}
		w.wantText(attribute.Nested(w.item("helpdeskRequests", r.LookupID), "details"), "firstName", "Bob")
	})
	w.run("records neither after another outcome", func(w *fixture) {
		for want, record := range map[lookup.Outcome]func(id string){
			lookup.NoMatch: func(id string) { outcome(w.journal.RecordNoMatch(ctx, id, noon)) },
			lookup.TRNSent: func(id string) {
				must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com")))
			},
		} {
			r := w.request(w.newID(), lookup.WhySeveral, "Bob")
			record(r.LookupID)
			if got := outcome(w.journal.RecordSeveral(ctx, r)); got != want {
				w.Errorf("got %s, want %s", got, want)
			}
			if item := w.item("helpdeskRequests", r.LookupID); item != nil {
				w.Errorf("after %s a request is kept", want)
			}
		}
	})
	w.run("records no lookup beside a request that is kept without one", func(w *fixture) {
		r := w.request(w.newID(), lookup.WhySeveral, "Bob")
		must[lookup.HelpdeskRequest](w)(w.journal.RecordHelpdeskRequest(ctx, r))
		if got, err := w.journal.RecordSeveral(ctx, r); !errors.Is(err, fault.Conflict) || got != "" {
			w.Errorf("%q, %v", got, err)
		}
		if item := w.item("lookups", r.LookupID); item != nil {
			w.Errorf("recorded %v", item)
		}
	})
	w.run("of many outcomes at once one is recorded", func(w *fixture) {
		for range 10 {
			r := w.request(w.newID(), lookup.WhySeveral, "Bob")
			got := make([]lookup.Outcome, 3)
			together(w,
				func(ctx context.Context) (err error) { got[0], err = w.journal.RecordSeveral(ctx, r); return err },
				func(ctx context.Context) (err error) { got[1], err = w.journal.RecordSeveral(ctx, r); return err },
				func(ctx context.Context) (err error) {
					got[2], err = w.journal.RecordNoMatch(ctx, r.LookupID, noon)
					return err
				})
			if got[0] != got[1] || got[1] != got[2] {
				w.Fatalf("outcomes %v", got)
			}
			if requested := w.item("helpdeskRequests", r.LookupID) != nil; requested != (got[0] == lookup.Helpdesk) {
				w.Fatalf("%s, with a request: %t", got[0], requested)
			}
		}
	})
}

// testReadRequest: a kept request is read as it was given, until it expires.
func testReadRequest(t *testing.T, w *fixture) {
	ctx := t.Context()
	want := w.request(w.newID(), lookup.WhySeveral, "Bob")
	want.Note = "I was at school in Leeds."
	must[lookup.Outcome](t)(w.journal.RecordSeveral(ctx, want))
	got := must[lookup.HelpdeskRequest](t)(w.journal.HelpdeskRequest(ctx, want.LookupID))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	w.now = noon.AddDate(0, 0, 90)
	for _, id := range []string{want.LookupID, w.newID()} {
		if _, err := w.journal.HelpdeskRequest(ctx, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func testEmailSent(t *testing.T, w *fixture) {
	ctx := t.Context()
	attributes := map[message.Kind]string{message.KindTRN: "trnEmailedAt", message.KindUnlocked: "unlockEmailedAt",
		message.KindHelpdeskRequest: "requestEmailedAt", message.KindHelpdeskTicket: "ticketEmailedAt", message.KindOwnerNotice: "ownerEmailedAt"}
	sent := func(_ unlocking.Recorded, sent bool, err error) bool {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
		return sent
	}
	w.run("every kind about a lookup has its attribute", func(w *fixture) {
		for _, kind := range message.Kinds() {
			if _, about := attributes[kind]; about == (kind == message.KindHelpdeskReport) {
				w.Errorf("%s: an attribute, %t", kind, about)
			}
		}
	})
	w.run("an email about no lookup leaves nothing", func(w *fixture) {
		if sent(w.journal.Email(ctx, "run", message.KindHelpdeskReport)) {
			w.Error("sent")
		}
		if err := w.journal.RecordEmailSent(ctx, "run", message.KindHelpdeskReport, noon); err != nil {
			w.Error(err)
		}
		if item := w.item("lookups", "run"); item != nil {
			w.Errorf("an entry came into being: %v", names(item))
		}
	})
	w.run("a recorded match is returned", func(w *fixture) {
		m := w.match(w.newID(), "1000001", "ann@example.com")
		must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, m))
		for kind := range attributes {
			if got, _, err := w.journal.Email(ctx, m.LookupID, kind); err != nil || got.TRN != m.TRN || got.Email != m.Email {
				w.Errorf("%s: %+v, %v", kind, got, err)
			}
		}
		r := w.request(w.newID(), lookup.WhySeveral, "Bob")
		must[lookup.Outcome](w)(w.journal.RecordSeveral(ctx, r))
		if got, _, err := w.journal.Email(ctx, r.LookupID, message.KindTRN); err != nil || !got.TRN.IsZero() || !got.Email.IsZero() {
			w.Errorf("of several: %+v, %v", got, err)
		}
	})
	for kind, name := range attributes {
		w.run(string(kind), func(w *fixture) {
			id := w.newID()
			if sent(w.journal.Email(ctx, id, kind)) {
				w.Error("sent for no lookup")
			}
			if err := w.journal.RecordEmailSent(ctx, id, kind, noon); err != nil {
				w.Errorf("for no lookup: %v", err)
			}
			if item := w.item("lookups", id); item != nil {
				w.Errorf("an entry came into being: %v", names(item))
			}
			must[lookup.Outcome](w)(w.journal.RecordNoMatch(ctx, id, noon))
			if sent(w.journal.Email(ctx, id, kind)) {
				w.Error("sent before it was recorded")
			}
			for range 2 { // the first time stands
				if err := w.journal.RecordEmailSent(ctx, id, kind, w.now); err != nil {
					w.Fatal(err)
				}
				w.now = w.now.Add(time.Hour)
			}
			w.wantText(w.item("lookups", id), name, "2026-11-22T12:00:00.000Z")
			for other := range attributes {
				if got := sent(w.journal.Email(ctx, id, other)); got != (other == kind) {
					w.Errorf("%s is sent: %t", other, got)
				}
			}
		})
	}
}

// testDelivery: of all receipts, however often and in whatever order they come, the latest by Notify's time stands.
func testDelivery(t *testing.T, w *fixture) {
	ctx := t.Context()
	record := func(id string, delivery message.Delivery, at time.Time) {
		t.Helper()
		if err := w.journal.RecordDelivery(ctx, id, delivery, at); err != nil {
			t.Fatal(err)
		}
	}
	m := w.match(w.newID(), "1000001", "ann@example.com")
	must[unlocking.Recorded](t)(w.journal.RecordMatch(ctx, m))
	record(m.LookupID, message.TemporaryFailure, noon.Add(time.Second))
	record(m.LookupID, message.PermanentFailure, noon.Add(3*time.Second))
	record(m.LookupID, message.Delivered, noon.Add(2*time.Second)) // late on its way
	record(m.LookupID, message.Delivered, noon.Add(3*time.Second)) // the first of one time stands
	item := w.item("lookups", m.LookupID)
	w.wantText(item, "trnDelivery", "permanent-failure")
	w.wantText(item, "trnDeliveryAt", "2026-11-22T12:00:03.000Z")
	w.wantText(item, "trn", "1000001")

	none := w.newID()
	record(none, message.Delivered, noon)
	if item := w.item("lookups", none); item != nil {
		t.Errorf("an entry came into being: %v", names(item))
	}
}
