package report

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"losttrn/internal/report/run"
	"losttrn/internal/teacher"
)

func TestRoleMailboxes(t *testing.T) {
	for email, want := range map[string]bool{
		"office@example.com": true, "headteacher@example.com": true, "head.teacher@example.com": true, "Head_Teacher@example.com": true,
		"school-office2@example.com": true, "pa@example.com": true, "hr@example.com": true, "ht@example.com": true,
		"p.a@example.com": false, "hr2@example.com": false, "headley@example.com": false, "jo.head@example.com": false,
		"person@office.example.com": false, "": false, "@example.com": false,
	} {
		if got := roleMailbox(email); got != want {
			t.Errorf("%q: %v", email, got)
		}
	}
}

func TestWeekdays(t *testing.T) {
	for _, c := range []struct {
		first, last string
		want        int
	}{
		{"2026-11-23", "2026-11-23", 0}, // a Monday
		{"2026-11-20", "2026-11-21", 0}, // Friday to Saturday
		{"2026-11-20", "2026-11-23", 1}, // Friday to Monday
		{"2026-11-22", "2026-11-23", 1}, // Sunday to Monday
		{"2026-11-16", "2026-11-23", 5},
		{"2026-10-23", "2026-10-27", 2}, // over the end of summer time
		{"2026-11-24", "2026-11-23", 0}, // later than the export
	} {
		if got := weekdaysBetween(date(t, c.first), date(t, c.last)); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.first, c.last, got, c.want)
		}
	}
}

// TestWeekdaysAreThoseCountedOneByOne, however far apart the days are.
func TestWeekdaysAreThoseCountedOneByOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		first := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 1000).Draw(rt, "first"))
		last := first.AddDate(0, 0, rapid.IntRange(0, 200).Draw(rt, "days"))
		want := 0
		for day := first.AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
			if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
				want++
			}
		}
		if got := weekdaysBetween(teacher.LondonDate(first), teacher.LondonDate(last)); got != want {
			rt.Fatalf("%s to %s: %d, want %d", first, last, got, want)
		}
	})
}

// TestTheLast31Days are whole ones if the moment is the first of a day, however long the days are.
func TestTheLast31Days(t *testing.T) {
	for _, c := range []struct{ day, from, first, last string }{
		{"2026-11-22", "2026-10-21T23:00:00Z", "2026-10-22", "2026-11-21"}, // summer time ended in between
		{"2026-04-10", "2026-03-10T00:00:00Z", "2026-03-10", "2026-04-09"}, // … began
		{"2026-07-15", "2026-06-13T23:00:00Z", "2026-06-14", "2026-07-14"},
	} {
		w := newWindow(run.OfDay(date(t, c.day)).ExportTime(), run.Days{})
		if got := w.from.UTC().Format(time.RFC3339); got != c.from || w.first != date(t, c.first) || w.last != date(t, c.last) || !w.until.IsZero() {
			t.Errorf("%s: from %s, %s to %s", c.day, got, w.first, w.last)
		}
	}
}

func date(t *testing.T, s string) teacher.Date {
	t.Helper()
	d, err := teacher.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
