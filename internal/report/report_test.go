package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/lookup"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
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
		if err := (exportgen.Export{Table: table, At: at, Files: 3}).Write(bucket, exportgen.Items(contents[table]...)); err != nil {
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
				"decidedAt": ago(1, "09:30:02.500"), "trnEmailedAt": ago(1, "09:30:03.000"), "trnDelivery": "delivered", "name": "-Sam Sample"}),
			found("l2", "1000002", "Head@example.com", ago(1, "09:31:00.000"), exportgen.Item{"unlockOutcome": "refused",
				"unlockReasons": []string{"open_alert", "email_used_for_another_trn"}, "decidedAt": ago(1, "09:31:02.000"),
				"trnEmailedAt": ago(1, "09:31:05.000"), "trnDelivery": "permanent-failure", "name": "-Sam Sample"}),
			found("l3", "1000003", "=cmd@example.com", ago(30, "23:59:59.999"), exportgen.Item{"unlockOutcome": "not_locked",
				"decidedAt": ago(29, "00:00:01.000"), "somethingNew": exportgen.Item{"x": "y"}}),
			found("l4", "1000004", "waiting@example.com", ago(1, "23:59:00.000"), nil),
			found("lost", "1000008", "lost@example.com", ago(1, "22:00:00.000"), nil),
			found("first", "1000005", "a@example.com", ago(31, "00:00:00.000"), exportgen.Item{"unlockOutcome": "not_locked"}),
			found("too-old", "1000006", "a@example.com", ago(32, "23:59:59.999").Add(-time.Hour), exportgen.Item{"unlockOutcome": "not_locked"}),
			found("expired", "1000007", "a@example.com", ago(1, "10:00:00.000"), exportgen.Item{"unlockOutcome": "not_locked", "expiresAt": int(at.Unix())}),
			{"lookupId": "n1", "receivedAt": ago(1, "11:00:00.000"), "outcome": "no_match"},
			{"lookupId": "h1", "receivedAt": ago(1, "12:00:00.000"), "outcome": "helpdesk"},
		},
		dataset.Emails: {
			// The second match arrived first: the first use is the earliest of all times.
			{"email": "head@example.com", "asTyped": "Head@example.com", "firstTrn": "1000002", "firstUsedAt": ago(1, "09:31:01.000"),
				"lastUsedAt": ago(1, "09:31:01.000"), "trns": exportgen.Item{"1000002": ago(1, "09:31:01.000"), "0012345": ago(1, "09:30:01.000")},
				"lifted": []exportgen.Item{{"at": ago(1, "20:00:00.000"), "by": "ann", "note": "spoke to both"}}},
			{"email": "once@example.com", "asTyped": "once@example.com", "firstTrn": "1000003", "trns": exportgen.Item{"1000003": ago(3, "09:30:01.000")}},
			{"email": "three@example.com", "asTyped": "+three@example.com", "lastUsedAt": ago(100, "09:00:00.000"), "trns": exportgen.Item{
				"1000001": ago(140, "09:00:00.000"), "1000002": ago(141, "09:00:00.000"), "1000003": ago(142, "09:00:00.000")},
				"contacted": []exportgen.Item{{"at": ago(113, "09:00:00.000"), "by": "bo", "note": "=rang twice"},
					{"at": ago(114, "09:00:00.000"), "by": "ann", "note": "no answer"}}},
		},
		dataset.HelpdeskRequests: {
			{"lookupId": "n1", "requestedAt": ago(3, "11:00:00.000"), "why": "no_match", "expiresAt": int(at.AddDate(0, 0, 87).Unix()), "note": "@please call",
				"details": exportgen.Item{"email": "-x@example.com", "firstName": "-Sam", "lastName": "Sample", "dateOfBirth": "1970-01-02",
					"nationalInsuranceNumber": "QQ123456C", "trn": "0001234", "trainingProvider": "\t=HYPERLINK(\"x\")", "later": exportgen.Item{}}},
			{"lookupId": "n2", "requestedAt": ago(2, "11:00:00.000"), "why": "no_match",
				"details": exportgen.Item{"email": "-x@example.com", "firstName": "-Sam", "lastName": "O\"Neil, Jr", "dateOfBirth": "1970-01-02"}},
			{"lookupId": "h1", "requestedAt": ago(10, "12:00:00.000"), "why": "several", "candidateTrns": []string{"0000001", "1000002"},
				"details": exportgen.Item{"email": "s@example.com", "previousFirstName": "\r=1"}},
			{"lookupId": "answered", "requestedAt": ago(9, "12:00:00.000"), "why": "no_match", "answeredAt": ago(8, "12:00:00.000"), "answeredBy": "ann",
				"details": exportgen.Item{"email": "answered@example.com"}},
			{"lookupId": "gone", "requestedAt": ago(91, "12:00:00.000"), "why": "no_match", "expiresAt": int(at.AddDate(0, 0, -1).Unix())},
		},
	}
}

// unlock is a row of unlocks.csv whose account was not unlocked and whose email was not sent.
func unlock(id, received, trn, mailbox, typed, outcome string) []string {
	return []string{received, lookup.Reference(id), trn, mailbox, typed, outcome, "", "", "", "", "", "", id}
}

func TestADayInExactlyTheRightRows(t *testing.T) {
	dir, made, err := makeReport(t, day(), report.Options{Previous: at.AddDate(0, 0, -2)})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][][]string{
		"repeat-emails.csv": {
			{"three@example.com", "'+three@example.com", "", "3",
				"1000003 2026-07-04T10:00:00+01:00; 1000002 2026-07-05T10:00:00+01:00; 1000001 2026-07-06T10:00:00+01:00",
				"2026-07-04T10:00:00.000+01:00", "2026-08-15T10:00:00.000+01:00", "no", "2026-07-05T10:00:00.000+01:00", "no",
				"2026-08-02T10:00:00.000+01:00", "bo", "'=rang twice", "", "", ""},
			{"head@example.com", "Head@example.com", "'-Sam Sample", "2",
				"0012345 2026-11-22T09:30:01+00:00 " + lookup.Reference("l1") + "; 1000002 2026-11-22T09:31:01+00:00 " + lookup.Reference("l2"),
				"2026-11-22T09:30:01.000+00:00", "2026-11-22T09:31:01.000+00:00", "yes", "2026-11-22T09:31:01.000+00:00", "yes",
				"", "", "", "2026-11-22T20:00:00.000+00:00", "ann", "spoke to both"},
		},
		"unlocks.csv": {
			unlock("first", "2026-10-23T01:00:00.000+01:00", "1000005", "a@example.com", "a@example.com", "not_locked"),
			unlock("l3", "2026-10-25T00:59:59.999+01:00", "1000003", "'=cmd@example.com", "'=cmd@example.com", "not_locked"),
			{"2026-11-22T09:30:00.000+00:00", lookup.Reference("l1"), "'0012345", "head@example.com", "Head@example.com", "unlocked", "", "1000002",
				"2026-11-22T09:30:02.500+00:00", "2026-11-22T09:30:03.000+00:00", "delivered", "", "l1"},
			{"2026-11-22T09:31:00.000+00:00", lookup.Reference("l2"), "1000002", "head@example.com", "Head@example.com", "refused",
				"The record had an open alert; The email address had found another TRN", "'0012345", "", "2026-11-22T09:31:05.000+00:00", "permanent-failure",
				"open_alert email_used_for_another_trn", "l2"},
			unlock("lost", "2026-11-22T22:00:00.000+00:00", "1000008", "lost@example.com", "lost@example.com", "pending"),
			unlock("l4", "2026-11-22T23:59:00.000+00:00", "1000004", "waiting@example.com", "waiting@example.com", "pending"),
		},
		"helpdesk-requests.csv": {
			{"2026-11-13T12:00:00.000+00:00", "6", lookup.Reference("h1"), "1", "several", "0000001; 1000002", "", "", "", "s@example.com", "", "", "",
				"'\r=1", "", "", "", "", "", "", "h1"},
			{"2026-11-20T11:00:00.000+00:00", "1", lookup.Reference("n1") + "; " + lookup.Reference("n2"), "2", "no_match", "", lookup.Reference("l1"),
				"2026-11-22T09:30:00.000+00:00", "same name", "'-x@example.com", "'-Sam", "", "Sample; O\"Neil, Jr", "", "", "1970-01-02", "QQ123456C",
				"'0001234", "'\t=HYPERLINK(\"x\")", "'@please call", "n1; n2"},
		},
		"undelivered.csv": {
			{"2026-11-22T09:31:00.000+00:00", lookup.Reference("l2"), "1000002", "'-Sam Sample", "head@example.com", "Head@example.com",
				"2026-11-22T09:31:05.000+00:00", "permanent-failure", "", "", "", "l2"},
		},
		"pending.csv": {
			{"2026-11-22T22:00:00.000+00:00", "2", lookup.Reference("lost"), "1000008", "lost@example.com", "lost@example.com", "", "lost"},
		},
		"unreadable.csv": {},
	} {
		got := rows(t, dir, name)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		i := slices.IndexFunc(made.Files, func(f report.File) bool { return f.Name == name })
		if i < 0 || *made.Files[i].Rows != len(got) {
			t.Errorf("%s is not described: %+v", name, made.Files)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, report.SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<h1>23 October 2026 to 22 November 2026</h1>",
		"<dt>lookups</dt><dd>8</dd>",
		"<dt>of lookups found at once</dt><dd>75.0%</dd>",
		"<dt>TRN emails not delivered</dt><dd>1</dd>",
		"<dt>accounts unlocked</dt><dd>1</dd>",
		"<dt>people waiting for the helpdesk, 0 new since the report before; longest wait: 6 working days</dt><dd>2</dd>",
		`<th scope="row">Sunday 22 November 2026</th><td class="number">4</td><td class="number">1</td><td class="number">1</td><td class="number">6</td>`,
		`<th scope="row">The record had an open alert</th><td><code>open_alert</code></td><td class="number">1</td>`,
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
	days, err := dataset.ParseDays("2026-10-25", "2026-10-25") // the day on which the clocks go back
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
	for _, row := range rows(t, dir, "unlocks.csv") {
		ids = append(ids, row[len(row)-1])
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
	for _, name := range []string{"repeat-emails.csv", "unlocks.csv", "helpdesk-requests.csv"} {
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
	got := rows(t, dir, "repeat-emails.csv")
	if len(got) != 2 || got[0][0] != "office@example.com" || got[0][1] != "Office@example.com" || got[0][3] != "1000" || got[0][7] != "yes" || got[1][3] != "200" {
		t.Fatalf("%.80v", got)
	}
	listed := strings.Split(got[0][4], "; ")
	if len(listed) != 200 || !strings.HasPrefix(listed[0], "0000000 ") || !strings.HasPrefix(listed[199], "0000199 ") ||
		!strings.HasSuffix(listed[0], lookup.Reference("again0")) {
		t.Errorf("%d TRNs listed, %s to %s", len(listed), listed[0], listed[len(listed)-1])
	}
	if len(got[0][4]) > 32_767 {
		t.Errorf("the cell has %d characters, more than a spreadsheet holds", len(got[0][4]))
	}
	if *made.Files[0].Rows != 2 {
		t.Errorf("%d rows described", *made.Files[0].Rows)
	}
}

// TestWhatCannotBeReadIsListed: an item that a row cannot be made of is left out, named by key and attribute, and said at
// the top of the summary; nothing else of it is shown, and everything else is reported.
func TestWhatCannotBeReadIsListed(t *testing.T) {
	noMatch := exportgen.Item{"lookupId": "x", "outcome": "no_match", "receivedAt": ago(1, "00:00:00.000")}
	with := func(item exportgen.Item, name string, value any) exportgen.Item {
		item = maps.Clone(item)
		item[name] = value
		return item
	}
	for name, c := range map[string]struct {
		table dataset.Table
		item  exportgen.Item
		want  []string // key, attribute, problem
	}{
		"no key":                       {dataset.Lookups, exportgen.Item{"email": "secret@example.com"}, []string{"", "lookupId", "is missing"}},
		"no time":                      {dataset.Lookups, exportgen.Item{"lookupId": "x", "outcome": "no_match"}, []string{"x", "receivedAt", "is missing"}},
		"a time that is none":          {dataset.Lookups, with(noMatch, "receivedAt", "secret"), []string{"x", "receivedAt", "is not a time"}},
		"after the export":             {dataset.Lookups, with(noMatch, "receivedAt", at.Add(time.Millisecond)), []string{"x", "receivedAt", "is after the export"}},
		"no such outcome":              {dataset.Lookups, with(noMatch, "outcome", "secret"), []string{"x", "outcome", "is none of trn_sent, no_match and helpdesk"}},
		"no TRN":                       {dataset.Lookups, with(with(noMatch, "outcome", "trn_sent"), "email", "secret@example.com"), []string{"x", "trn", "is missing"}},
		"no such unlock":               {dataset.Lookups, found("x", "1000001", "secret@example.com", ago(1, "00:00:00.000"), exportgen.Item{"unlockOutcome": "secret"}), []string{"x", "unlockOutcome", "is none of unlocked, not_locked and refused"}},
		"a reason of two words":        {dataset.Lookups, found("x", "1000001", "secret@example.com", ago(1, "00:00:00.000"), exportgen.Item{"unlockReasons": []string{"a secret"}}), []string{"x", "unlockReasons", "has an entry that is no code"}},
		"a key of another type":        {dataset.Lookups, with(noMatch, "lookupId", 7), []string{"", "lookupId", "is of type N, not S"}},
		"an attribute of another type": {dataset.Lookups, found("x", "1000001", "secret@example.com", ago(1, "00:00:00.000"), exportgen.Item{"trnEmailedAt": 7}), []string{"x", "trnEmailedAt", "is of type N, not S"}},
		"no time of a TRN":             {dataset.Emails, exportgen.Item{"email": "a@example.com", "trns": exportgen.Item{"1": "secret"}}, []string{"a@example.com", "trns", "is not a time"}},
		"a note without a time":        {dataset.Emails, exportgen.Item{"email": "a@example.com", "lifted": []exportgen.Item{{"note": "secret"}}}, []string{"a@example.com", "lifted", "has an entry without a time, or that cannot be read"}},
		"no time of asking":            {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x"}, []string{"x", "requestedAt", "is missing"}},
		"no time to live":              {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x", "requestedAt": ago(1, "00:00:00.000"), "expiresAt": "secret"}, []string{"x", "expiresAt", "is of type S, not N"}},
		"details of a string":          {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x", "requestedAt": ago(1, "00:00:00.000"), "details": "secret"}, []string{"x", "details", "is of type S, not M"}},
		"a detail of a number":         {dataset.HelpdeskRequests, exportgen.Item{"lookupId": "x", "requestedAt": ago(1, "00:00:00.000"), "details": exportgen.Item{"trn": 1000001}}, []string{"x", "details", "has an entry of a type that is not S"}},
	} {
		t.Run(name, func(t *testing.T) {
			contents := day()
			before := len(contents[dataset.Lookups])
			contents[c.table] = append(contents[c.table], c.item)
			dir, made, err := makeReport(t, contents, report.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := rows(t, dir, "unreadable.csv")
			if len(got) == 0 || made.Unreadable != 1 || !slices.Equal(got[0][:4], append([]string{string(c.table)}, c.want...)) ||
				!strings.HasSuffix(got[0][4], ".json.gz") || strings.Contains(fmt.Sprint(got), "secret") {
				t.Errorf("%q, %d left out; want %q", got, made.Unreadable, c.want)
			}
			page, err := os.ReadFile(filepath.Join(dir, report.SummaryFile))
			if warning := "1 item of the " + string(c.table) + " table cannot be read and is in no report"; err != nil || !bytes.Contains(page, []byte(warning)) {
				t.Errorf("the summary does not say so: %v", err)
			}
			if rest := rows(t, dir, "unlocks.csv"); len(rest) != 6 || before != 10 {
				t.Errorf("%d rows of the other lookups", len(rest))
			}
		})
	}
	// What has passed its time to live need not be read.
	expired := with(with(noMatch, "receivedAt", "secret"), "expiresAt", int(at.Unix()))
	if _, made, err := makeReport(t, tables{dataset.Lookups: {expired}}, report.Options{}); err != nil || made.Unreadable != 0 {
		t.Errorf("an expired item: %+v, %v", made, err)
	}
}
