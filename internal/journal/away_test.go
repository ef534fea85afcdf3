package journal_test

import (
	"testing"
	"time"

	"losttrn/internal/journal"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// testTablesAway: nothing is said to be recorded, or not to be there, by a store whose tables do not answer.
func testTablesAway(t *testing.T, w *fixture) {
	ctx, id := t.Context(), w.newID()
	away := journal.New(w.db, "away", "away", func() time.Time { return w.now })
	for name, failure := range map[string]func() error{
		"Recorded":      func() error { _, err := away.Recorded(ctx, id); return err },
		"RecordNoMatch": func() error { _, err := away.RecordNoMatch(ctx, id, noon); return err },
		"RecordSeveral": func() error { _, err := away.RecordSeveral(ctx, w.request(id, lookup.WhySeveral, "Bob")); return err },
		"RecordHelpdeskRequest": func() error {
			_, err := away.RecordHelpdeskRequest(ctx, w.request(id, lookup.WhySeveral, "Bob"))
			return err
		},
		"HelpdeskRequest": func() error { _, err := away.HelpdeskRequest(ctx, id); return err },
		"Prime":           func() error { return away.Prime(ctx) },
		"RecordMatch":     func() error { _, err := away.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com")); return err },
		"RecordDecision": func() error {
			_, err := away.RecordDecision(ctx, id, unlocking.Decision{Outcome: unlocking.NotLocked}, noon)
			return err
		},
		"Email":           func() error { _, _, err := away.Email(ctx, id, message.KindTRN); return err },
		"RecordEmailSent": func() error { return away.RecordEmailSent(ctx, id, message.KindTRN, noon) },
		"RecordDelivery":  func() error { return away.RecordDelivery(ctx, id, message.Delivered, noon) },
	} {
		if failure() == nil {
			t.Errorf("%s: no failure", name)
		}
	}
}
