package summary

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"losttrn/internal/teacher"
)

func day(t *testing.T, s string) teacher.Date {
	t.Helper()
	d, err := teacher.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func filled(t *testing.T) *Figures {
	f := New(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), day(t, "2026-10-22"), day(t, "2026-11-21"))
	f.Reasons = []Words{{"unlocking_switched_off", "Unlocking was switched off"}, {"open_alert", "The record has an open alert"}}
	for _, row := range []struct {
		figure, day, kind string
		number            int
	}{
		{"lookups", "2026-10-25", "trn_sent", 7}, {"lookups", "2026-11-21", "helpdesk", 1}, {"lookups", "2026-11-21", "no_match", 1},
		{"unlocks", "", "refused", 7}, {"unlocks", "", "unlocked", 1}, {"reasons", "", "open_alert a_new_reason", 7},
		{"asked", "", "no_match", 1}, {"asked", "", "several", 1}, {"deliveries", "", "delivered", 5}, {"deliveries", "", "permanent-failure", 2},
		{"repeats", "", "2", 1}, {"repeats", "", "4", 1}, {"repeats", "", "5", 1}, {"repeats", "", "9", 1}, {"repeats", "", "199", 1},
		{"repeats", "", "200", 1}, {"repeats", "", "1000", 1}, {"roles", "", "", 1}, {"new_repeats", "", "", 3},
		{"waiting", "", "3", 1}, {"waiting", "", "0", 4}, {"new_waiting", "", "", 2}, {"found_since", "", "", 1},
		{"pending", "", "MN93F-KWNMH", 1}, {"unreadable", "", "lookups", 2},
	} {
		if err := f.Add(row.figure, row.day, row.kind, row.number); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func write(t *testing.T, f *Figures) string {
	t.Helper()
	var page bytes.Buffer
	if err := f.Write(&page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

func TestThePageStandsAlone(t *testing.T) {
	page := write(t, filled(t))
	if outside := regexp.MustCompile(`(?i)https?:|//|<script|<link|<img|@import|url\(|\bon[a-z]+=`).FindString(page); outside != "" {
		t.Errorf("the page needs or runs something: %q", outside)
	}
	for _, want := range []string{"default-src 'none'", `lang="en"`, "@media print", "@page"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestEveryChartHasATextAlternativeAndATable(t *testing.T) {
	page := write(t, filled(t))
	sections := strings.Split(page, "<section ")
	charts := 0
	for _, section := range sections {
		if strings.Contains(section, "<svg ") {
			charts++
			for _, want := range []string{`role="img"`, "<title ", "<desc ", "<table>", "<caption>", `scope="row"`, `scope="col"`} {
				if !strings.Contains(section, want) {
					t.Errorf("chart %d has no %s", charts, want)
				}
			}
		}
	}
	if charts != 7 {
		t.Errorf("%d charts", charts)
	}
}

func TestFigures(t *testing.T) {
	page := write(t, filled(t))
	for _, want := range []string{
		"<dt>lookups</dt><dd>9</dd>", "<dd>77.8%</dd>", "<dt>unlocks refused</dt><dd>7</dd>", "<dt>TRN emails not delivered</dt><dd>2</dd>",
		"<dt>people waiting for the helpdesk, 2 new since the report before; longest wait: 3 working days</dt><dd>5</dd>",
		"<dt>email addresses that found more than one TRN, ever; 3 new since the report before</dt><dd>7</dd>",
		"<dt>journeys that ended with the helpdesk; 22.2% of those that ended with it or with a TRN</dt><dd>2</dd>",
		"9 lookups in all: 7 sent a TRN, 1 sent to the helpdesk, 1 without a match. The most were 7 (Sunday 25 October 2026).",
		`<th scope="row">a_new_reason</th><td><code>a_new_reason</code></td><td class="number">7</td>`,
		`<th scope="row">Unlocking was switched off</th><td><code>unlocking_switched_off</code></td><td class="number">0</td>`,
		`<th scope="row">200 TRNs or more</th><td class="number">2</td>`, `<th scope="row">5 to 9 TRNs</th><td class="number">2</td>`,
		`<th scope="row">3 to 5 working days</th><td class="number">1</td>`, `<th scope="row">No such mailbox</th><td><code>permanent-failure</code></td><td class="number">2</td>`,
		"the beginning of Sunday 22 November 2026", "1 of them looks like a role mailbox", "1 of them has had a TRN found since",
		"1 lookup was not decided for more than an hour; see pending: MN93F-KWNMH.",
		"2 items of the lookups table cannot be read and are in no report: unreadable.csv names them.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	want := Counts{Repeats: 7, NewRepeats: 3, Waiting: 5, NewWaiting: 2, Bounced: 2, Pending: 1}
	if got := filled(t).Counts(); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestNothingHappened(t *testing.T) {
	page := write(t, New(time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC), day(t, "2026-10-22"), day(t, "2026-11-21")))
	for _, want := range []string{"There were no lookups.", "No unlock was refused.", "nobody is waiting", "<dd>–</dd>", "1:05pm on Sunday 22 November 2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<svg") {
		t.Error("a chart of nothing")
	}
}

// TestPeriods: days, or weeks or months where there would be too many; none is left out, none counted twice.
func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		from, to, each, first, last string
		count                       int
	}{
		{"2026-10-22", "2026-11-21", "day", "Thursday 22 October 2026", "Saturday 21 November 2026", 31},
		{"2026-03-28", "2026-03-30", "day", "Saturday 28 March 2026", "Monday 30 March 2026", 3}, // the clocks change
		{"2026-01-01", "2026-06-30", "week", "Week from Monday 29 December 2025", "Week from Monday 29 June 2026", 27},
		{"1900-01-01", "2026-11-21", "month", "May 2025", "November 2026", 19},
	} {
		f := New(time.Time{}, day(t, c.from), day(t, c.to))
		if err := f.Add("lookups", c.to, "trn_sent", 1); err != nil {
			t.Fatal(err)
		}
		if c.each == "month" {
			if err := f.Add("lookups", "2025-05-09", "no_match", 1); err != nil {
				t.Fatal(err)
			}
		}
		periods, each := f.periods()
		sum := dayFigures{}
		for _, p := range periods {
			sum.add(p.counts)
		}
		if each != c.each || len(periods) != c.count || periods[0].Name != c.first || periods[len(periods)-1].Name != c.last || sum != f.total() {
			t.Errorf("%s to %s: %d by %s, %s to %s, %+v of %+v", c.from, c.to, len(periods), each, periods[0].Name, periods[len(periods)-1].Name, sum, f.total())
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		part, all int
		want      string
	}{{0, 0, "–"}, {0, 9, "0%"}, {9, 9, "100%"}, {1, 100000, "0.1%"}, {99999, 100000, "99.9%"}, {1, 3, "33.3%"}, {2, 3, "66.7%"}} {
		if got := share(c.part, c.all); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.part, c.all, got, c.want)
		}
	}
}
