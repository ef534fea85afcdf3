package publish_test

import (
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/publish"
)

// TestWhatIsPendingIsCountedForTheAlarm: matches that were not decided within an hour, each night, none when all are.
func TestWhatIsPendingIsCountedForTheAlarm(t *testing.T) {
	w := newFixture(t)
	nights := []struct {
		day   string
		items func(at time.Time) []exportgen.Item
		want  string
	}{
		{"2026-11-22", func(at time.Time) []exportgen.Item {
			return []exportgen.Item{match("lost", at.Add(-2*time.Hour), ""), match("older", at.AddDate(0, -3, 0), ""), match("waits", at.Add(-time.Minute), ""),
				match("decided", at.Add(-2*time.Hour), "unlocked")}
		}, `"matches_pending":2`},
		{"2026-11-23", func(at time.Time) []exportgen.Item {
			return []exportgen.Item{match("lost", at.Add(-26*time.Hour), "unlocked")}
		}, `"matches_pending":0`},
	}
	for _, night := range nights {
		before := len(w.figures.String())
		r := dayRun(t, night.day)
		w.export(r, dataset.Emails)
		w.export(r, dataset.HelpdeskRequests)
		w.must(w.export(r, dataset.Lookups, night.items(r.ExportTime())...), publish.Published)
		if got := w.figures.String()[before:]; strings.Count(got, night.want) != 1 || strings.Count(got, "matches_pending") != 2 {
			t.Errorf("%s: figures %s, want %s", night.day, got, night.want)
		}
	}
	if got := w.latest().Counts.Pending; got != 0 {
		t.Errorf("%d are pending in the newest report", got)
	}
}

// match is a lookup that found somebody, with what was decided of the account.
func match(id string, at time.Time, decision string) exportgen.Item {
	item := exportgen.Item{"lookupId": id, "reference": id, "receivedAt": at, "outcome": "trn_sent", "trn": "1000001",
		"email": id + "@example.com", "emailKey": id + "@example.com", "name": "Ann Cox", "evidence": []string{"name"}, "expiresAt": 1893456000}
	if decision != "" {
		item["unlockOutcome"], item["unlockReasons"], item["decidedAt"] = decision, []string{}, at.Add(time.Second)
	}
	return item
}
