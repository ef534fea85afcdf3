package journal_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/unlocking"
)

func testUnlock(t *testing.T, w *fixture) {
	ctx := t.Context()
	recorded := must[unlocking.Recorded](t)
	decision := must[unlocking.Decision](t)

	w.run("writes the teacher and the decision", func(w *fixture) {
		m := w.match(w.newID(), "0000001", "ann@example.com")
		recorded(w.journal.RecordMatch(ctx, m))
		account := w.locked("0000001")
		if got := decision(w.journal.RecordUnlock(ctx, m.LookupID, account, noon)); got.Outcome != unlocking.Unlocked || len(got.Reasons) > 0 {
			w.Errorf("%+v", got)
		}
		teacher := w.account("0000001")
		if attribute.Flag(teacher, "locked") {
			w.Error("still locked")
		}
		w.wantText(teacher, "unlockedAt", "2026-11-22T12:00:00.000Z")
		w.wantText(teacher, "unlockedBy", m.LookupID)
		item := w.item("lookups", m.LookupID)
		w.wantText(item, "unlockOutcome", "unlocked")
		w.wantText(item, "decidedAt", "2026-11-22T12:00:00.000Z")
		// The same once more, as after a lost acknowledgement.
		if got := decision(w.journal.RecordUnlock(ctx, m.LookupID, account, noon.Add(time.Hour))); got.Outcome != unlocking.Unlocked {
			w.Errorf("again: %+v", got)
		}
		w.wantText(w.account("0000001"), "unlockedAt", "2026-11-22T12:00:00.000Z")
	})
	w.run("a recorded decision stands", func(w *fixture) {
		m := w.match(w.newID(), "0000002", "ann@example.com")
		recorded(w.journal.RecordMatch(ctx, m))
		account := w.locked("0000002")
		decision(w.journal.RecordDecision(ctx, m.LookupID, unlocking.Decision{Outcome: unlocking.Refused,
			Reasons: []unlocking.Reason{unlocking.UnlockingSwitchedOff}}, noon))
		if got := decision(w.journal.RecordUnlock(ctx, m.LookupID, account, noon)); got.Outcome != unlocking.Refused {
			w.Errorf("%+v", got)
		}
		if !attribute.Flag(w.account("0000002"), "locked") {
			w.Error("unlocked against a recorded refusal")
		}
	})
	w.run("a changed account is left alone", func(w *fixture) {
		m := w.match(w.newID(), "0000003", "ann@example.com")
		recorded(w.journal.RecordMatch(ctx, m))
		account := w.locked("0000003")
		_, err := w.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(w.servers.Tables["teachers"]),
			Key: attribute.Item{"trn": attribute.String("0000003")}, UpdateExpression: aws.String("SET formerTrns = :f"),
			ExpressionAttributeValues: attribute.Item{":f": attribute.Strings([]string{"0000009"})}})
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.journal.RecordUnlock(ctx, m.LookupID, account, noon); !errors.Is(err, unlocking.ErrAccountChanged) {
			w.Errorf("%v", err)
		}
		if !attribute.Flag(w.account("0000003"), "locked") || attribute.Text(w.item("lookups", m.LookupID), "unlockOutcome") != "" {
			w.Error("half of it was written")
		}
	})
	w.run("no lookup, no unlock", func(w *fixture) {
		account := w.locked("0000004")
		if _, err := w.journal.RecordUnlock(ctx, w.newID(), account, noon); !errors.Is(err, fault.Unavailable) {
			w.Errorf("%v", err)
		}
		if !attribute.Flag(w.account("0000004"), "locked") {
			w.Error("unlocked by no lookup")
		}
	})
	w.run("of many at once one unlocks", func(w *fixture) {
		for i := range 10 {
			trn := fmt.Sprintf("00001%02d", i)
			account := w.locked(trn)
			a, b := w.match(w.newID(), trn, "ann@example.com"), w.match(w.newID(), trn, "bob@example.com")
			recorded(w.journal.RecordMatch(ctx, a))
			recorded(w.journal.RecordMatch(ctx, b))
			unlocked := make([]int, 3)
			call := func(i int, id string) func(context.Context) error {
				return func(ctx context.Context) error {
					d, err := w.journal.RecordUnlock(ctx, id, account, noon)
					if errors.Is(err, unlocking.ErrAccountChanged) {
						return nil
					}
					if err == nil && d.Outcome == unlocking.Unlocked {
						unlocked[i]++
					}
					return err
				}
			}
			together(w, call(0, a.LookupID), call(1, b.LookupID), call(2, b.LookupID))
			if a, b := unlocked[0], unlocked[1]+unlocked[2]; a > 0 == (b > 0) {
				w.Errorf("unlocked by one %d times, by the other %d times", a, b)
			}
		}
	})
}
