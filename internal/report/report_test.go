package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/run"
)

// at is a Monday morning, the first moment of its day in London.
var at = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func ago(days int, clock string) time.Time {
	t, err := time.Parse("15:04:05.000", clock)
	if err != nil {
		panic(err)
	}
	return at.AddDate(0, 0, -days).Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond()))
}

type tables map[dataset.Table][]exportgen.Item

func found(id, trn, email string, received time.Time, more exportgen.Item) exportgen.Item {
	item := exportgen.Item{"lookupId": id, "receivedAt": received, "outcome": "trn_sent", "trn": trn, "email": email,
		"evidence": []string{"name", "date_of_birth", "email"}, "expiresAt": int(received.AddDate(0, 18, 0).Unix())}
	for name, value := range more {
		item[name] = value
	}
	return item
}

// make writes the exports and makes the report of them.
func makeReport(t *testing.T, contents tables, options report.Options) (string, *report.Description, error) {
	t.Helper()
	bucket := t.TempDir()
	for _, table := range dataset.Tables {
		if err := (exportgen.Export{Table: table, At: at, Files: 3}).Write(bucket, exportgen.Lines(contents[table]...)); err != nil {
			t.Fatal(err)
		}
	}
	source, err := dataset.OpenFolder(bucket)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	set, err := dataset.Search{Naming: dataset.ByName(nil)}.Find(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if options.Dir == "" {
		options.Dir = t.TempDir()
	}
	made, err := report.Make(t.Context(), source, set, options)
	return options.Dir, made, err
}

// rows reads a CSV file as a strict reader does, checks its mark and line ends, and drops the header.
func rows(t *testing.T, dir, name string) [][]string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(string(body), "\xef\xbb\xbf")
	if !ok || !strings.HasSuffix(text, "\r\n") {
		t.Errorf("%s does not begin with the mark or end with CRLF", name)
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

// day is a day of the service with everything in it.
func day() tables {
	return tables{
		dataset.Lookups: {
			found("l1", "0012345", "Head@example.com", ago(1, "09:30:00.000"), exportgen.Item{"unlockOutcome": "unlocked",
				"decidedAt": ago(1, "09:30:02.500"), "trnEmailedAt": ago(1, "09:30:03.000")}),
			found("l2", "1000002", "Head@example.com", ago(1, "09:31:00.000"), exportgen.Item{"unlockOutcome": "refused",
				"unlockReasons": []string{"open_alert", "email_used_for_another_trn"}, "decidedAt": ago(1, "09:31:02.000")}),
			found("l3", "1000003", "=cmd@example.com", ago(30, "23:59:59.999"), exportgen.Item{"unlockOutcome": "not_locked",
				"decidedAt": ago(29, "00:00:01.000"), "somethingNew": exportgen.Item{"x": "y"}}),
			found("l4", "1000004", "waiting@example.com", ago(1, "23:59:00.000"), nil),
			found("first", "1000005", "a@example.com", ago(31, "00:00:00.000"), exportgen.Item{"unlockOutcome": "not_locked"}),
			found("too-old", "1000006", "a@example.com", ago(32, "23:59:59.999").Add(-time.Hour), exportgen.Item{"unlockOutcome": "not_locked"}),
			found("expired", "1000007", "a@example.com", ago(1, "10:00:00.000"), exportgen.Item{"unlockOutcome": "not_locked", "expiresAt": int(at.Unix())}),
			{"lookupId": "n1", "receivedAt": ago(1, "11:00:00.000"), "outcome": "no_match"},
			{"lookupId": "h1", "receivedAt": ago(1, "12:00:00.000"), "outcome": "helpdesk"},
		},
		dataset.Emails: {
			{"email": "head@example.com", "asTyped": "Head@example.com", "firstTrn": "0012345", "firstUsedAt": ago(1, "09:30:01.000"),
				"lastUsedAt": ago(1, "09:31:01.000"), "trns": exportgen.Item{"1000002": ago(1, "09:31:01.000"), "0012345": ago(1, "09:30:01.000")}},
			{"email": "once@example.com", "asTyped": "once@example.com", "firstTrn": "1000003", "trns": exportgen.Item{"1000003": ago(3, "09:30:01.000")}},
			{"email": "three@example.com", "asTyped": "+three@example.com", "lastUsedAt": ago(100, "09:00:00.000"), "trns": exportgen.Item{
				"1000001": ago(140, "09:00:00.000"), "1000002": ago(141, "09:00:00.000"), "1000003": ago(142, "09:00:00.000")}},
		},
		dataset.HelpdeskRequests: {
			{"lookupId": "n1", "requestedAt": ago(3, "11:00:00.000"), "why": "no_match", "expiresAt": int(at.AddDate(0, 0, 87).Unix()),
				"details": exportgen.Item{"email": "-x@example.com", "firstName": "@José", "lastName": "O\"Neil, Jr", "dateOfBirth": "1970-01-02",
					"nationalInsuranceNumber": "QQ123456C", "trn": "0001234", "trainingProvider": "\t=HYPERLINK(\"x\")", "later": exportgen.Item{}}},
			{"lookupId": "h1", "requestedAt": ago(10, "12:00:00.000"), "why": "several", "candidateTrns": []string{"0000001", "1000002"},
				"details": exportgen.Item{"email": "s@example.com", "previousFirstName": "\r=1"}},
			{"lookupId": "gone", "requestedAt": ago(91, "12:00:00.000"), "why": "no_match", "expiresAt": int(at.AddDate(0, 0, -1).Unix())},
		},
	}
}

func TestADayInExactlyTheRightRows(t *testing.T) {
	dir, made, err := makeReport(t, day(), report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][][]string{
		report.RepeatEmailsFile: {
			{"'+three@example.com", "3", "1000003 2026-07-04T10:00:00+01:00; 1000002 2026-07-05T10:00:00+01:00; 1000001 2026-07-06T10:00:00+01:00",
				"2026-07-04T09:00:00.000Z", "2026-07-04 10:00:00", "2026-08-15T09:00:00.000Z", "2026-08-15 10:00:00", "no"},
			{"Head@example.com", "2", "0012345 2026-11-22T09:30:01Z; 1000002 2026-11-22T09:31:01Z",
				"2026-11-22T09:30:01.000Z", "2026-11-22 09:30:01", "2026-11-22T09:31:01.000Z", "2026-11-22 09:31:01", "yes"},
		},
		report.UnlocksFile: {
			{"2026-10-23T00:00:00.000Z", "2026-10-23 01:00:00", "first", "1000005", "a@example.com", "not_locked", "", "", ""},
			{"2026-10-24T23:59:59.999Z", "2026-10-25 00:59:59", "l3", "1000003", "'=cmd@example.com", "not_locked", "", "", ""},
			{"2026-11-22T09:30:00.000Z", "2026-11-22 09:30:00", "l1", "'0012345", "Head@example.com", "unlocked", "", "2026-11-22T09:30:02.500Z", "2026-11-22 09:30:02"},
			{"2026-11-22T09:31:00.000Z", "2026-11-22 09:31:00", "l2", "1000002", "Head@example.com", "refused", "open_alert; email_used_for_another_trn", "", ""},
			{"2026-11-22T23:59:00.000Z", "2026-11-22 23:59:00", "l4", "1000004", "waiting@example.com", "pending", "", "", ""},
		},
		report.HelpdeskRequestsFile: {
			{"2026-11-13T12:00:00.000Z", "2026-11-13 12:00:00", "6", "h1", "several", "0000001; 1000002", "s@example.com", "", "", "", "'\r=1", "", "", "", "", ""},
			{"2026-11-20T11:00:00.000Z", "2026-11-20 11:00:00", "1", "n1", "no_match", "", "'-x@example.com", "'@José", "", "O\"Neil, Jr", "", "", "1970-01-02", "QQ123456C", "'0001234", "'\t=HYPERLINK(\"x\")"},
		},
	} {
		if diff := cmp.Diff(want, rows(t, dir, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		i := slices.IndexFunc(made.Files, func(f report.File) bool { return f.Name == name })
		if i < 0 || *made.Files[i].Rows != len(want) {
			t.Errorf("%s is not described: %+v", name, made.Files)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, report.SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<h1>23 October 2026 to 22 November 2026</h1>",
		"<dt>lookups</dt><dd>7</dd>",
		"<dt>of lookups answered without the helpdesk</dt><dd>71.4%</dd>",
		"<dt>accounts unlocked</dt><dd>1</dd>",
		"<dt>people waiting for the helpdesk; longest wait: 6 weekdays</dt><dd>2</dd>",
		`<th scope="row">Sunday 22 November 2026</th><td class="number">3</td><td class="number">1</td><td class="number">1</td><td class="number">5</td>`,
		`<th scope="row">The record has an open alert</th><td><code>open_alert</code></td><td class="number">1</td>`,
		"1 of them looks like a role mailbox",
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the summary lacks %s", want)
		}
	}
	for _, personal := range []string{"example.com", "0012345", "1000002", "Neil", "QQ123456C"} {
		if bytes.Contains(page, []byte(personal)) {
			t.Errorf("the summary holds %s", personal)
		}
	}
}

func TestTheDaysAskedFor(t *testing.T) {
	days, err := run.ParseDays("2026-10-25", "2026-10-25") // the day on which the clocks go back
	if err != nil {
		t.Fatal(err)
	}
	contents := tables{dataset.Lookups: {
		found("before", "1000001", "a@example.com", time.Date(2026, 10, 24, 22, 59, 59, 999e6, time.UTC), nil),
		found("begin", "1000002", "a@example.com", time.Date(2026, 10, 24, 23, 0, 0, 0, time.UTC), nil),
		found("end", "1000003", "a@example.com", time.Date(2026, 10, 25, 23, 59, 59, 999e6, time.UTC), nil),
		found("after", "1000004", "a@example.com", time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC), nil),
	}}
	dir, made, err := makeReport(t, contents, report.Options{Days: days})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, row := range rows(t, dir, report.UnlocksFile) {
		ids = append(ids, row[2])
	}
	if !slices.Equal(ids, []string{"begin", "end"}) || made.From != "2026-10-25" || made.To != "2026-10-25" {
		t.Errorf("%v, %s to %s", ids, made.From, made.To)
	}
}

// TestTheSameBytesWhateverTheOrder: exports have no order, and workers race.
func TestTheSameBytesWhateverTheOrder(t *testing.T) {
	contents := day()
	_, first, err := makeReport(t, contents, report.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, items := range contents {
		slices.Reverse(items)
	}
	_, second, err := makeReport(t, contents, report.Options{Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the reports differ:\n%s", diff)
	}
}

func TestNothingHappened(t *testing.T) {
	dir, _, err := makeReport(t, nil, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{report.RepeatEmailsFile, report.UnlocksFile, report.HelpdeskRequestsFile} {
		if got := rows(t, dir, name); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	page, _ := os.ReadFile(filepath.Join(dir, report.SummaryFile))
	if !bytes.Contains(page, []byte("There were no lookups.")) {
		t.Error("the summary does not say so")
	}
}

// TestAnAddressThatFoundAThousandTRNs: its item holds the first 200 and says that it is full; the lookups have
// the rest, under other spellings of the address too.
func TestAnAddressThatFoundAThousandTRNs(t *testing.T) {
	contents := tables{}
	first := exportgen.Item{}
	start := ago(200, "00:00:00.000")
	for i := range 1000 {
		trn, when := fmt.Sprintf("%07d", i), start.Add(time.Duration(i)*time.Minute)
		if i < 200 {
			first[trn] = when
		}
		spelling := []string{"Office@example.com", "office+a@example.com", " OFFICE@EXAMPLE.COM"}[i%3]
		contents[dataset.Lookups] = append(contents[dataset.Lookups],
			found(fmt.Sprintf("l%d", i), trn, spelling, when, nil), found(fmt.Sprintf("again%d", i), trn, spelling, when, nil),
			found(fmt.Sprintf("other%d", i), trn, "other@example.com", when, nil))
	}
	contents[dataset.Emails] = []exportgen.Item{
		{"email": "office@example.com", "asTyped": "Office@example.com", "firstUsedAt": start, "lastUsedAt": start.Add(999 * time.Minute),
			"trns": first, "trnsFull": true},
		{"email": "other@example.com", "asTyped": "other@example.com", "trns": first},
	}
	dir, made, err := makeReport(t, contents, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, dir, report.RepeatEmailsFile)
	if len(got) != 2 || got[0][0] != "Office@example.com" || got[0][1] != "1000" || got[0][7] != "yes" || got[1][1] != "200" {
		t.Fatalf("%.80v", got)
	}
	listed := strings.Split(got[0][2], "; ")
	if len(listed) != 200 || !strings.HasPrefix(listed[0], "0000000 ") || !strings.HasPrefix(listed[199], "0000199 ") {
		t.Errorf("%d TRNs listed, %s to %s", len(listed), listed[0], listed[len(listed)-1])
	}
	if len(got[0][2]) > 32_767 {
		t.Errorf("the cell has %d characters, more than a spreadsheet holds", len(got[0][2]))
	}
	if *made.Files[0].Rows != 2 {
		t.Errorf("%d rows described", *made.Files[0].Rows)
	}
}

// TestWhatCannotBeReportedIsRefused: an item that a row cannot be made of stops the report, so that no row is
// missing in silence; the sentence names file and line and nothing from the item.
func TestWhatCannotBeReportedIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		table dataset.Table
		item  exportgen.Item
		says  string
	}{
		"of another table":    {dataset.Lookups, exportgen.Item{"email": "a@example.com"}, "it has no lookupId"},
		"no time":             {dataset.Lookups, exportgen.Item{"lookupId": "x", "outcome": "no_match"}, "receivedAt is not a time"},
		"after the export":    {dataset.Lookups, exportgen.Item{"lookupId": "x", "outcome": "no_match", "receivedAt": at.AddDate(1, 0, 0)}, "its receivedAt is after the export"},
		"no such outcome":     {dataset.Lookups, exportgen.Item{"lookupId": "x", "receivedAt": ago(1, "00:00:00.000"), "outcome": "secret"}, "its outcome is none of"},
		"no TRN":              {dataset.Lookups, exportgen.Item{"lookupId": "x", "receivedAt": ago(1, "00:00:00.000"), "outcome": "trn_sent"}, "it has no trn"},
		"no such unlock":      {dataset.Lookups, found("x", "1000001", "secret@example.com", ago(1, "00:00:00.000"), exportgen.Item{"unlockOutcome": "secret"}), "its unlockOutcome is none of"},
		"a wrong type":        {dataset.Lookups, exportgen.Item{"lookupId": 7}, "an attribute is of type N, not S"},
		"no email":            {dataset.Emails, exportgen.Item{"trns": exportgen.Item{}}, "it has no email"},
		"no time of a TRN":    {dataset.Emails, exportgen.Item{"email": "secret@example.com", "trns": exportgen.Item{"1": "secret"}}, "a time in trns is not a time"},
		"no time of asking":   {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x"}, "requestedAt is not a time"},
		"no time to live":     {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x", "expiresAt": "secret"}, "an attribute is of type S, not N"},
		"details of a string": {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x", "details": "secret"}, "an attribute is of type S, not M"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := makeReport(t, tables{c.table: {c.item}}, report.Options{})
			if err == nil || !strings.Contains(err.Error(), "line 1 cannot be read: ") || !strings.Contains(err.Error(), c.says) ||
				!strings.Contains(err.Error(), ".json.gz") || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v", err)
			}
		})
	}
}
