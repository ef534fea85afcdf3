package report

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/report/dataset"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
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

// TestBankHolidaysAreTheActs: the list is what the Banking and Financial Dealings Act 1971 and the proclamations since
// give: a holiday at a weekend is made up for by the next day that is none.
func TestBankHolidaysAreTheActs(t *testing.T) {
	want := map[string]bool{}
	for year := 2025; year <= 2028; year++ {
		day := func(month time.Month, n int) time.Time { return time.Date(year, month, n, 0, 0, 0, 0, time.UTC) }
		monday := func(from time.Time) time.Time { return from.AddDate(0, 0, (8-int(from.Weekday()))%7) }
		easter := map[int]time.Time{2025: day(4, 20), 2026: day(4, 5), 2027: day(3, 28), 2028: day(4, 16)}[year]
		days := []time.Time{day(1, 1), easter.AddDate(0, 0, -2), easter.AddDate(0, 0, 1), monday(day(5, 1)), monday(day(5, 25)), monday(day(8, 25)), day(12, 25), day(12, 26)}
		for _, d := range days {
			for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || want[d.Format(time.DateOnly)] {
				d = d.AddDate(0, 0, 1)
			}
			want[d.Format(time.DateOnly)] = true
		}
	}
	if diff := cmp.Diff(want, bankHolidays); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBankHolidaysAreKnownForAYear: whoever sees it fail adds the years that https://www.gov.uk/bank-holidays has by now to
// bankholidays.txt.
func TestBankHolidaysAreKnownForAYear(t *testing.T) {
	last := slices.Max(slices.Collect(maps.Keys(bankHolidays)))[:4]
	if needed := time.Now().AddDate(1, 0, 0).Format("2006"); last < needed {
		t.Errorf("bank holidays are known to the end of %s, which is less than a year away", last)
	}
}

func TestWorkingDays(t *testing.T) {
	for day, want := range map[string]bool{
		"2026-11-20": true, "2026-11-21": false, "2026-11-22": false, "2026-11-23": true, "2026-12-24": true, "2026-12-25": false,
		"2026-12-28": false, "2026-12-29": true, "2027-01-01": false, "2026-04-03": false,
	} {
		if got := workingDay(startOf(date(t, day))); got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
}

// TestEveryReasonHasWords: a new rule of unlocking is known to the lists and the summary, in its own words.
func TestEveryReasonHasWords(t *testing.T) {
	list := reasons()
	for i, reason := range unlocking.Reasons() {
		if i >= len(list) || list[i].Code != string(reason) || list[i].Words == "" || list[i].Words == list[i].Code {
			t.Errorf("%s has no words: %v", reason, list)
		}
	}
}

// TestEveryFieldHasAColumn: what a person can give, the helpdesk sees, under a heading of its own.
func TestEveryFieldHasAColumn(t *testing.T) {
	text, headings := query("helpdesk-requests"), map[string]bool{}
	for _, field := range lookup.Fields() {
		heading := headingOf(field)
		if !strings.Contains(text, `texts(w.`+columnOf(field)+`) AS "`+heading+`"`) || headings[heading] {
			t.Errorf("helpdesk-requests.sql does not show %s by its heading %q", columnOf(field), heading)
		}
		headings[heading] = true
	}
	if got := columnOf(lookup.FieldDateOfBirth) + ", " + headingOf(lookup.FieldDateOfBirth); got != "date_of_birth, Date of birth" {
		t.Error(got)
	}
}

// TestEveryColumnIsRead: what is kept of an item is shown in a list, or decides what is shown.
func TestEveryColumnIsRead(t *testing.T) {
	inDatabaseOnly := []string{"first_trn", "answered_by"} // for questions that somebody puts to report.sqlite
	files, err := queries.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var read strings.Builder
	for _, file := range files {
		if name := strings.TrimSuffix(file.Name(), ".sql"); name != "schema" {
			read.WriteString(query(name))
		}
	}
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		read.Write(text)
	}
	for _, column := range regexp.MustCompile(`(?m)^  ([a-z_]+) +(?:TEXT|INTEGER)`).FindAllStringSubmatch(query("schema"), -1) {
		if !slices.Contains(inDatabaseOnly, column[1]) && !regexp.MustCompile(`\b`+column[1]+`\b`).MatchString(read.String()) {
			t.Errorf("schema.sql keeps %s, and no query shows it", column[1])
		}
	}
}

// TestEveryListHasAQuery, and every query is a list's or known otherwise.
func TestEveryListHasAQuery(t *testing.T) {
	files, err := queries.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		got = append(got, strings.TrimSuffix(file.Name(), ".sql"))
	}
	want := append(slices.Clone(lists), "schema", "prepare", "summary")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("queries %v, want %v", got, want)
	}
}

// TestTheLast31Days are whole ones if the moment is the first of a day, however long the days are.
func TestTheLast31Days(t *testing.T) {
	for _, c := range []struct{ day, from, first, last string }{
		{"2026-11-22", "2026-10-21T23:00:00Z", "2026-10-22", "2026-11-21"}, // summer time ended in between
		{"2026-04-10", "2026-03-10T00:00:00Z", "2026-03-10", "2026-04-09"}, // … began
		{"2026-07-15", "2026-06-13T23:00:00Z", "2026-06-14", "2026-07-14"},
	} {
		w := newWindow(dataset.RunOfDay(date(t, c.day)).ExportTime(), dataset.Days{})
		if got := w.from.UTC().Format(time.RFC3339); got != c.from || w.first != date(t, c.first) || w.last != date(t, c.last) {
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
