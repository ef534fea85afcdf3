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

func filled(t *testing.T) Figures {
	f := New(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), day(t, "2026-10-22"), day(t, "2026-11-21"))
	for range 7 {
		f.Lookup(day(t, "2026-10-25"), Found)
		f.Unlock(Refused, []string{"open_alert", "a_new_reason"})
	}
	f.Lookup(day(t, "2026-11-21"), Helpdesk)
	f.Lookup(day(t, "2026-11-21"), NotFound)
	f.Unlock(Unlocked, []string{"not counted"})
	for _, trns := range []int{2, 4, 5, 9, 199, 200, 1000} {
		f.Repeat(trns, trns == 2)
	}
	f.Request(3)
	return f
}

func write(t *testing.T, f Figures) string {
	t.Helper()
	var page bytes.Buffer
	if err := Write(&page, f); err != nil {
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
	if charts != 4 {
		t.Errorf("%d charts", charts)
	}
}

func TestFigures(t *testing.T) {
	page := write(t, filled(t))
	for _, want := range []string{
		"<dt>lookups</dt><dd>9</dd>", "<dd>77.8%</dd>", "<dt>unlocks refused</dt><dd>7</dd>", "longest wait: 3 weekdays</dt><dd>1</dd>",
		"9 lookups in all: 7 sent a TRN, 1 sent to the helpdesk, 1 without a match. The most were 7 (Sunday 25 October 2026).",
		`<th scope="row">a_new_reason</th><td><code>a_new_reason</code></td><td class="number">7</td>`,
		`<th scope="row">Unlocking was switched off</th><td><code>unlocking_switched_off</code></td><td class="number">0</td>`,
		`<th scope="row">200 TRNs or more</th><td class="number">2</td>`, `<th scope="row">5 to 9 TRNs</th><td class="number">2</td>`,
		"the beginning of Sunday 22 November 2026", "1 of them looks like a role mailbox",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "not counted") {
		t.Error("the reason of no refusal is counted")
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
		f.Lookup(day(t, c.to), Found)
		if c.each == "month" {
			f.Lookup(day(t, "2025-05-09"), NotFound)
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
