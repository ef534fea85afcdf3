package unlocking_test

import (
	"fmt"
	"slices"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"
)

// TestRandomAccounts draws accounts as the register may hold them, and the mailbox's past, and compares what becomes of
// a match with the words of the specification: rules that ignore the status, the lock, the alerts, the doubt or the
// former TRNs of an account turn it red, and so do stores that do not read them.
func TestRandomAccounts(t *testing.T) {
	w := newFixture(t, 1)
	rapid.Check(t, func(r *rapid.T) {
		own, former, stranger := w.teacher(nil), w.teacher(nil), w.teacher(nil)
		status := rapid.SampledFrom([]string{"active", "active", "active", "deactivated", "merged", "deceased", ""}).Draw(r, "status")
		locked := rapid.SampledFrom([]string{"true", "true", "true", "false", "absent"}).Draw(r, "locked")
		ends := rapid.SliceOfN(rapid.SampledFrom([]string{"", "2026-11-21", "2026-11-22", "2026-11-23", "2031-01-01", "2020-01-01"}), 0, 2).Draw(r, "ends of alerts")
		absorbed, doubt := rapid.Bool().Draw(r, "absorbed the former"), rapid.IntRange(0, 4).Draw(r, "doubt") == 0
		past := rapid.SampledFrom([]string{"none", "none", "same", "former", "stranger"}).Draw(r, "the mailbox found before")

		item := w.account(own)
		attribute.Put(item, "status", status)
		if status == "" {
			delete(item, "status")
		}
		item["locked"] = attribute.Bool(locked == "true")
		if locked == "absent" {
			delete(item, "locked")
		}
		var list []types.AttributeValue
		for i, end := range ends {
			alert := attribute.Item{"id": attribute.String(fmt.Sprint(i)), "startDate": attribute.String("2019-01-01")}
			attribute.Put(alert, "endDate", end)
			list = append(list, attribute.Map(alert))
		}
		if len(list) > 0 {
			item["alerts"] = &types.AttributeValueMemberL{Value: list}
		}
		if absorbed {
			item["formerTrns"] = attribute.Strings([]string{former.Digits()})
		}
		if doubt {
			item["inDoubtSince"] = attribute.String("2026-01-01T00:00:00.000Z")
		}
		localtest.Put(t, w.servers, "teachers", item)
		mailbox := w.newEmail()
		switch past {
		case "same":
			earlier := w.match(own, mailbox)
			w.on.Store(false)
			w.process(earlier)
			w.on.Store(true)
		case "former":
			w.process(w.match(former, mailbox))
		case "stranger":
			w.process(w.match(stranger, mailbox))
		}

		var want []string
		open := false
		for _, end := range ends {
			open = open || end == "" || end > "2026-11-22"
		}
		for _, rule := range []struct {
			reason string
			holds  bool
		}{{"record_inactive", status == "active"}, {"open_alert", !open}, {"record_in_doubt", !doubt},
			{"email_used_for_another_trn", past != "stranger" && (past != "former" || absorbed)}} {
			if !rule.holds {
				want = append(want, rule.reason)
			}
		}
		m := w.match(own, mailbox)
		w.process(m)
		lookup := w.lookup(m)
		outcome, reasons := attribute.Text(lookup, "unlockOutcome"), attribute.Texts(lookup, "unlockReasons")
		wantOutcome := "refused"
		switch {
		case locked != "true":
			wantOutcome = "not_locked"
		case len(want) == 0:
			wantOutcome = "unlocked"
		}
		if outcome != wantOutcome || !slices.Equal(reasons, want) {
			r.Fatalf("%s %v, want %s %v", outcome, reasons, wantOutcome, want)
		}
		if still := attribute.Flag(w.account(own), "locked"); still != (locked == "true" && wantOutcome != "unlocked") {
			r.Fatalf("%s, and locked is %t", outcome, still)
		}
	})
}
