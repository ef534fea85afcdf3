package journal_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

func testNoMatch(t *testing.T, w *fixture) {
	ctx := t.Context()
	outcome := must[lookup.Outcome](t)

	w.run("holds nothing personal", func(w *fixture) {
		id := w.newID()
		if got := outcome(w.journal.RecordNoMatch(ctx, id, noon.Add(time.Millisecond))); got != lookup.NoMatch {
			w.Errorf("outcome %s", got)
		}
		item := w.item("lookups", id)
		if got, want := names(item), []string{"expiresAt", "lookupId", "outcome", "receivedAt", "reference"}; !slices.Equal(got, want) {
			w.Errorf("attributes %v, want %v", got, want)
		}
		w.wantText(item, "receivedAt", "2026-11-22T12:00:00.001Z")
		w.wantText(item, "outcome", "no_match")
		w.wantExpiry(item, time.Date(2028, 5, 22, 12, 0, 0, 0, time.UTC))
		if got := w.outcome(id); got != lookup.NoMatch {
			w.Errorf("read again: %s", got)
		}
	})
	w.run("is recorded once", func(w *fixture) {
		id := w.newID()
		outcome(w.journal.RecordNoMatch(ctx, id, noon))
		if got := outcome(w.journal.RecordNoMatch(ctx, id, noon.Add(time.Hour))); got != lookup.NoMatch {
			w.Errorf("again: %s", got)
		}
		w.wantText(w.item("lookups", id), "receivedAt", "2026-11-22T12:00:00.000Z")
	})
	w.run("never replaces another outcome", func(w *fixture) {
		id := w.newID()
		must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com")))
		if got := outcome(w.journal.RecordNoMatch(ctx, id, noon)); got != lookup.TRNSent {
			w.Errorf("after a match: %s", got)
		}
		w.wantText(w.item("lookups", id), "trn", "1000001")
		id = w.newID()
		outcome(w.journal.RecordSeveral(ctx, w.request(id, lookup.WhySeveral, "Bob")))
		if got := outcome(w.journal.RecordNoMatch(ctx, id, noon)); got != lookup.Helpdesk {
			w.Errorf("after several: %s", got)
		}
	})
	w.run("an unknown lookup has no outcome", func(w *fixture) {
		if got := w.outcome(w.newID()); got != "" {
			w.Errorf("%s", got)
		}
	})
}

// outcome is the recorded outcome of a lookup.
func (w *fixture) outcome(id string) lookup.Outcome {
	w.Helper()
	return must[lookup.Recorded](w)(w.journal.Recorded(w.Context(), id)).Outcome
}

// testUndecided: a match is given back until its unlock is decided, with all that its message had but email and name.
func testUndecided(t *testing.T, w *fixture) {
	ctx := t.Context()
	recorded := must[lookup.Recorded](t)
	m := w.match(w.newID(), "1000001", "ann@example.com")
	must[unlocking.Recorded](t)(w.journal.RecordMatch(ctx, m))
	want := m
	want.Email, want.Name = teacher.Email{}, ""
	if got := recorded(w.journal.Recorded(ctx, m.LookupID)); got.Undecided == nil || !reflect.DeepEqual(*got.Undecided, want) {
		t.Errorf("undecided: %+v, want %+v", got.Undecided, want)
	}
	must[unlocking.Decision](t)(w.journal.RecordDecision(ctx, m.LookupID, unlocking.Decision{Outcome: unlocking.NotLocked}, noon))
	if got := recorded(w.journal.Recorded(ctx, m.LookupID)); got.Outcome != lookup.TRNSent || got.Undecided != nil {
		t.Errorf("decided: %+v", got)
	}
	none := w.newID()
	must[lookup.Outcome](t)(w.journal.RecordNoMatch(ctx, none, noon))
	if got := recorded(w.journal.Recorded(ctx, none)); got.Outcome != lookup.NoMatch || got.Undecided != nil {
		t.Errorf("no match: %+v", got)
	}
}

// testExpiredLookups: an entry whose time has passed is as if it were deleted, which DynamoDB does late.
func testExpiredLookups(t *testing.T, w *fixture) {
	ctx := t.Context()
	outcome := must[lookup.Outcome](t)
	end := noon.AddDate(0, 18, 0)
	for name, record := range map[string]func(w *fixture, id string) lookup.Outcome{
		"no match": func(w *fixture, id string) lookup.Outcome { return outcome(w.journal.RecordNoMatch(ctx, id, w.now)) },
		"several": func(w *fixture, id string) lookup.Outcome {
			return outcome(w.journal.RecordSeveral(ctx, w.request(id, lookup.WhySeveral, "Bob")))
		},
		"match": func(w *fixture, id string) lookup.Outcome {
			m := w.match(id, "1000002", "bob@example.com")
			m.MatchedAt = w.now
			if r := must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, m)); r.TRN != m.TRN || !r.Decision.IsZero() {
				w.Errorf("an expired match stands: %+v", r)
			}
			return lookup.TRNSent
		},
	} {
		w.run(name, func(w *fixture) {
			id := w.newID()
			must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, func() message.Match {
				m := w.match(id, "1000001", "ann@example.com")
				m.MatchedAt = noon
				return m
			}()))
			must[unlocking.Decision](w)(w.journal.RecordDecision(ctx, id, unlocking.Decision{Outcome: unlocking.NotLocked}, noon))
			w.now = end.Add(-time.Second)
			if got := w.outcome(id); got != lookup.TRNSent {
				w.Errorf("a second before: %q", got)
			}
			w.now = end
			if got := w.outcome(id); got != "" {
				w.Errorf("at its end: %q", got)
			}
			want := record(w, id)
			if got := w.outcome(id); got != want || want == "" {
				w.Errorf("recorded anew: %q, want %q", got, want)
			}
			item := w.item("lookups", id)
			w.wantExpiry(item, end.AddDate(0, 18, 0))
			if want != lookup.TRNSent && attribute.Text(item, "email") != "" || attribute.Text(item, "decidedAt") != "" {
				w.Errorf("something is left of the expired entry: %v", names(item))
			}
		})
	}
}

func testMatch(t *testing.T, w *fixture) {
	ctx := t.Context()
	recorded := must[unlocking.Recorded](t)

	w.run("is kept as it was found", func(w *fixture) {
		m := w.match(w.newID(), "0000123", "Ann+School@Example.com")
		if got := recorded(w.journal.RecordMatch(ctx, m)); got.TRN != m.TRN || got.Email != m.Email || !got.Decision.IsZero() {
			w.Errorf("%+v", got)
		}
		item := w.item("lookups", m.LookupID)
		if got, want := names(item), []string{"email", "emailKey", "evidence", "expiresAt", "lookupId", "name", "outcome", "receivedAt", "reference", "trn"}; !slices.Equal(got, want) {
			w.Errorf("attributes %v, want %v", got, want)
		}
		w.wantText(item, "trn", "0000123")
		w.wantText(item, "email", "Ann+School@Example.com")
		w.wantText(item, "outcome", "trn_sent")
		w.wantText(item, "receivedAt", "2026-11-22T11:59:00.000Z")
		w.wantExpiry(item, m.MatchedAt.AddDate(0, 18, 0))
		if got := attribute.Texts(item, "evidence"); !slices.Equal(got, m.Evidence) {
			w.Errorf("evidence %v", got)
		}
	})
	w.run("is never given another TRN or email", func(w *fixture) {
		id := w.newID()
		first := w.match(id, "1000001", "ann@example.com")
		recorded(w.journal.RecordMatch(ctx, first))
		before := w.item("lookups", id)
		again := w.match(id, "1000002", "bob@example.com")
		again.MatchedAt = noon.Add(time.Hour)
		if got := recorded(w.journal.RecordMatch(ctx, again)); got.TRN != first.TRN || got.Email != first.Email {
			w.Error("the record gives way to the message")
		}
		for name := range before {
			if attribute.Text(before, name) != attribute.Text(w.item("lookups", id), name) {
				w.Errorf("%s changed", name)
			}
		}
	})
	w.run("gives the decision that is recorded", func(w *fixture) {
		m := w.match(w.newID(), "1000001", "ann@example.com")
		recorded(w.journal.RecordMatch(ctx, m))
		d := unlocking.Decision{Outcome: unlocking.Refused, Reasons: []unlocking.Reason{unlocking.OpenAlert, unlocking.EmailUsedForAnotherTRN}}
		must[unlocking.Decision](w)(w.journal.RecordDecision(ctx, m.LookupID, d, noon))
		got := recorded(w.journal.RecordMatch(ctx, m)).Decision
		if got.Outcome != d.Outcome || !slices.Equal(got.Reasons, d.Reasons) {
			w.Errorf("%+v", got)
		}
	})
	for _, before := range []string{"no match", "several"} {
		w.run("is made of "+before, func(w *fixture) {
			m := w.match(w.newID(), "1000001", "ann@example.com")
			if before == "several" {
				must[lookup.Outcome](w)(w.journal.RecordSeveral(ctx, w.request(m.LookupID, lookup.WhySeveral, "Bob")))
			} else {
				must[lookup.Outcome](w)(w.journal.RecordNoMatch(ctx, m.LookupID, noon))
			}
			if got := recorded(w.journal.RecordMatch(ctx, m)); got.TRN != m.TRN || got.Email != m.Email {
				w.Errorf("%+v", got)
			}
			item := w.item("lookups", m.LookupID)
			w.wantText(item, "outcome", "trn_sent")
			w.wantText(item, "trn", "1000001")
			w.wantText(item, "email", "ann@example.com")
			w.wantText(item, "receivedAt", "2026-11-22T11:59:00.000Z")
			w.wantExpiry(item, m.MatchedAt.AddDate(0, 18, 0))
		})
	}
	w.run("one of many at once wins", func(w *fixture) {
		for range 20 {
			id := w.newID()
			a, b := w.match(id, "1000001", "ann@example.com"), w.match(id, "1000002", "bob@example.com")
			got := make([]unlocking.Recorded, 2)
			together(w,
				func(ctx context.Context) (err error) { got[0], err = w.journal.RecordMatch(ctx, a); return err },
				func(ctx context.Context) (err error) { got[1], err = w.journal.RecordMatch(ctx, b); return err },
				func(ctx context.Context) error { _, err := w.journal.RecordNoMatch(ctx, id, noon); return err })
			item := w.item("lookups", id)
			if got[0].TRN != got[1].TRN || got[0].Email != got[1].Email || attribute.Text(item, "trn") != got[0].TRN.Digits() ||
				attribute.Text(item, "outcome") != "trn_sent" {
				w.Fatalf("two winners: %v, %v", got, names(item))
			}
		}
	})
}

func testDecision(t *testing.T, w *fixture) {
	ctx := t.Context()
	decision := must[unlocking.Decision](t)
	refused := unlocking.Decision{Outcome: unlocking.Refused, Reasons: []unlocking.Reason{unlocking.RecordInactive, unlocking.OpenAlert}}

	w.run("is recorded once", func(w *fixture) {
		m := w.match(w.newID(), "1000001", "ann@example.com")
		must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, m))
		if got := decision(w.journal.RecordDecision(ctx, m.LookupID, refused, noon)); got.Outcome != unlocking.Refused {
			w.Errorf("%+v", got)
		}
		got := decision(w.journal.RecordDecision(ctx, m.LookupID, unlocking.Decision{Outcome: unlocking.NotLocked}, noon.Add(time.Hour)))
		if got.Outcome != unlocking.Refused || !slices.Equal(got.Reasons, refused.Reasons) {
			w.Errorf("another decision replaced it: %+v", got)
		}
		item := w.item("lookups", m.LookupID)
		w.wantText(item, "unlockOutcome", "refused")
		w.wantText(item, "decidedAt", "2026-11-22T12:00:00.000Z")
		if got := attribute.Texts(item, "unlockReasons"); !slices.Equal(got, []string{"record_inactive", "open_alert"}) {
			w.Errorf("reasons %v", got)
		}
	})
	w.run("of no lookup is not recorded", func(w *fixture) {
		id := w.newID()
		if got, err := w.journal.RecordDecision(ctx, id, refused, noon); err == nil {
			w.Errorf("%+v", got)
		}
		if item := w.item("lookups", id); item != nil {
			w.Errorf("an entry came into being: %v", names(item))
		}
	})
	w.run("one of many at once wins", func(w *fixture) {
		for range 20 {
			m := w.match(w.newID(), "1000001", "ann@example.com")
			must[unlocking.Recorded](w)(w.journal.RecordMatch(ctx, m))
			got := make([]unlocking.Decision, 3)
			calls := make([]func(context.Context) error, 3)
			for i, d := range []unlocking.Decision{refused, {Outcome: unlocking.NotLocked},
				{Outcome: unlocking.Refused, Reasons: []unlocking.Reason{unlocking.OpenAlert}}} {
				calls[i] = func(ctx context.Context) (err error) {
					got[i], err = w.journal.RecordDecision(ctx, m.LookupID, d, noon)
					return err
				}
			}
			together(w, calls...)
			for _, d := range got {
				if d.Outcome != got[0].Outcome || !slices.Equal(d.Reasons, got[0].Reasons) {
					w.Fatalf("two decisions: %+v", got)
				}
			}
		}
	})
}
