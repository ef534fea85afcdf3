package load_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/local/sample"
)

func TestTheSampleRegisterLoadsOnceHoweverOftenItIsLoaded(t *testing.T) {
	tb := newTable(t)
	var file bytes.Buffer
	if err := sample.Write(&file, sample.Options{Seed: 1, Count: 1_000, FirstTRN: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	if got, want := tb.load(t, file.String()), (load.Summary{Rows: 1_000, Added: 1_000}); got != want {
		t.Fatalf("first load: %+v, want %+v", got, want)
	}
	before := tb.all(t)
	if got, want := tb.load(t, file.String()), (load.Summary{Rows: 1_000, Unchanged: 1_000}); got != want {
		t.Errorf("second load: %+v, want %+v", got, want)
	}
	after := tb.all(t)
	if len(before) != 1_000 || len(after) != len(before) {
		t.Fatalf("%d records, then %d", len(before), len(after))
	}
	for trn, item := range before {
		if after[trn] != item {
			t.Fatalf("%s was\n%s\nand is\n%s", trn, item, after[trn])
		}
	}
}

func TestARecordIsStoredAsTheTableSays(t *testing.T) {
	tb := newTable(t)
	tb.load(t, header+"0012345,\u00a0Zoë ,Ann,O’Neill,Zoë|Smith; Zo|,1980-02-03,qq 12 34 56 c, Zoe+x@EXAMPLE.com ,"+
		"10012345|College A;|College B,active,7654321;1111111,"+
		"A1|Prohibition order|2020-01-01|;A2|Warning|2019-01-01|2020-01-01,TRUE,2013-05-06,2025-06-30T15:05:06.7891+01:00\n"+
		"1000001,,,Solo,,1970-12-31,,,,merged:0012345,,,,,2025-01-01\n")
	want := "map[absorbedTrns:[1000001] alerts:[map[id:A1 startDate:2020-01-01 type:Prohibition order] map[endDate:2020-01-01 id:A2 startDate:2019-01-01 type:Warning]] " +
		"dateOfBirth:1980-02-03 email:Zoe+x@EXAMPLE.com emailKey:zoe@example.com firstName:Zoë formerTrns:[1000001 1111111 7654321] lastName:O’Neill " +
		"locked:true lockedAt:2013-05-06T00:00:00.000Z middleName:Ann nationalInsuranceNumber:QQ123456C ninoKey:QQ123456 " +
		"previousNames:[map[firstName:Zoë lastName:Smith] map[firstName:Zo]] status:active " +
		"trainingProviders:[map[name:College A ukprn:10012345] map[name:College B]] trn:0012345 updatedAt:2025-06-30T14:05:06.789Z]"
	if got := tb.show(t, "0012345"); got != want {
		t.Errorf("stored\n%s, want\n%s", got, want)
	}
	want = "map[dateOfBirth:1970-12-31 lastName:Solo locked:false mergedInto:0012345 status:merged trn:1000001 updatedAt:2025-01-01T00:00:00.000Z]"
	if got := tb.show(t, "1000001"); got != want {
		t.Errorf("stored\n%s, want\n%s", got, want)
	}
}

func TestABlankCellClearsAndAMissingColumnKeeps(t *testing.T) {
	tb := newTable(t)
	tb.load(t, header+"1000001,Ann,Bea,Cox,Ann|Day,1980-02-03,QQ123456C,ann@example.com,|College,merged:7654321,1111111,A|x|2020-01-01|,true,2013-01-01,2025-01-01\n")
	if got := tb.load(t, "trn,last_name,date_of_birth,updated_at\n1000001,Fox,1980-02-03,2025-02-01\n"); got.Updated != 1 {
		t.Errorf("%+v", got)
	}
	tb.expect(t, "1000001", map[string]string{"lastName": "Fox", "firstName": "Ann", "middleName": "Bea", "email": "ann@example.com",
		"emailKey": "ann@example.com", "status": "merged", "mergedInto": "7654321", "alerts": "[map[id:A startDate:2020-01-01 type:x]]",
		"locked": "true", "lockedAt": "2013-01-01T00:00:00.000Z"})
	tb.load(t, header+"1000001,,,Fox,,1980-02-03,,,,,,,,,2025-03-01\n")
	want := "map[dateOfBirth:1980-02-03 formerTrns:[1111111] lastName:Fox locked:true lockedAt:2013-01-01T00:00:00.000Z mergedInto:7654321 status:merged " +
		"statusAt:2025-01-01T00:00:00.000Z trn:1000001 updatedAt:2025-03-01T00:00:00.000Z]"
	if got := tb.show(t, "1000001"); got != want {
		t.Errorf("stored\n%s, want\n%s", got, want)
	}
}

func TestTheLatestRowWins(t *testing.T) {
	tests := []struct {
		name string
		rows []string // last name and updated_at
		want string
		sum  load.Summary
	}{
		{"newer later", []string{"A,2025-01-01", "B,2025-01-02"}, "B", load.Summary{Rows: 2, Added: 1, Updated: 1}},
		{"newer first", []string{"B,2025-01-02", "A,2025-01-01"}, "B", load.Summary{Rows: 2, Added: 1, Older: 1}},
		{"same time", []string{"A,2025-01-01", "B,2025-01-01"}, "B", load.Summary{Rows: 2, Added: 1, Updated: 1, Differing: 1}},
		{"same time, the greater first", []string{"B,2025-01-01", "A,2025-01-01"}, "B", load.Summary{Rows: 2, Added: 1, Unchanged: 1, Differing: 1}},
		{"same time, written otherwise", []string{"A,2025-01-01", "A,2025-01-01T01:00:00+01:00"}, "A", load.Summary{Rows: 2, Added: 1, Unchanged: 1}},
		{"by a millisecond", []string{"B,2025-01-01T00:00:00.001Z", "A,2025-01-01T00:00:00Z"}, "B", load.Summary{Rows: 2, Added: 1, Updated: 1, Differing: 1}},
		{"by a millisecond of two times", []string{"A,2025-01-01T00:00:00.002Z", "B,2025-01-01T00:00:00.001Z"}, "A", load.Summary{Rows: 2, Added: 1, Older: 1}},
	}
	for _, test := range tests {
		file := "trn,last_name,updated_at,date_of_birth\n"
		for _, row := range test.rows {
			file += "1000001," + row + ",1980-02-03\n"
		}
		t.Run(test.name+" in one file", func(t *testing.T) {
			tb := newTable(t)
			got := tb.load(t, file)
			if got.Named != nil && !slices.Equal(got.Named.Differing, []string{"1000001"}) || (got.Named != nil) != (test.sum.Differing > 0) {
				t.Errorf("named %+v", got.Named)
			}
			if got.Named = nil; got != test.sum {
				t.Errorf("%+v, want %+v", got, test.sum)
			}
			tb.expect(t, "1000001", map[string]string{"lastName": test.want})
		})
		t.Run(test.name+" in a later file", func(t *testing.T) {
			tb := newTable(t)
			for _, row := range test.rows {
				tb.load(t, "trn,last_name,updated_at,date_of_birth\n1000001,"+row+",1980-02-03\n")
			}
			tb.expect(t, "1000001", map[string]string{"lastName": test.want})
		})
	}
}

func TestRowsOfOneTRNFarApartAreJoined(t *testing.T) {
	tb := newTable(t)
	var rows []string
	for i := range 250 {
		alert := ""
		if i == 3 {
			alert = "A|x|2020-01-01|"
		}
		rows = append(rows, fmt.Sprintf("1000001,Cox,active,%s,,,2025-01-%02d", alert, 1+i/100), fmt.Sprintf("%d,Other,,,,,2025-01-01", 2_000_000+i))
	}
	tb.load(t, extract(rows...))
	tb.expect(t, "1000001", map[string]string{"updatedAt": "2025-01-03T00:00:00.000Z", "alerts": ""})
	tb.load(t, extract(append(rows, "1000001,Cox,active,B|y|2020-01-01|,,,2025-01-03")...))
	tb.expect(t, "1000001", map[string]string{"alerts": "[map[id:B startDate:2020-01-01 type:y]]"})
}

func TestTheLock(t *testing.T) {
	const unlocked = "2026-03-01T12:00:00.000Z"
	tests := []struct {
		name                   string
		stored                 string // locked and locked_at of the row stored first, "" for none
		unlockedAt             string
		row                    string // locked and locked_at of the row
		wantLocked, wantAt     string
		wantKept, wantUnwriten bool
	}{
		{name: "blank, nothing stored: false", row: ",", wantLocked: "false"},
		{name: "blank with a time, nothing stored: false, and no time", row: ",2013-01-01", wantLocked: "false"},
		{name: "true, nothing stored", row: "true,2013-01-01", wantLocked: "true", wantAt: "2013-01-01T00:00:00.000Z"},
		{name: "blank keeps true", stored: "true,2013-01-01", row: ",", wantLocked: "true", wantAt: "2013-01-01T00:00:00.000Z"},
		{name: "blank keeps false", stored: "false,", row: ",", wantLocked: "false"},
		{name: "blank keeps an unlock", stored: "true,2013-01-01", unlockedAt: unlocked, row: ",", wantLocked: "false", wantAt: "2013-01-01T00:00:00.000Z"},
		{name: "false unlocks", stored: "true,2013-01-01", row: "false,", wantLocked: "false"},
		{name: "true locks", stored: "false,", row: "true,", wantLocked: "true"},
		{name: "locked before the unlock", stored: "true,2013-01-01", unlockedAt: unlocked, row: "true,2013-01-01",
			wantLocked: "false", wantAt: "2013-01-01T00:00:00.000Z", wantKept: true},
		{name: "locked, no time", stored: "true,", unlockedAt: unlocked, row: "true,", wantLocked: "false", wantKept: true},
		{name: "locked at the very time of the unlock", stored: "true,", unlockedAt: unlocked, row: "true,2026-03-01T12:00:00Z", wantLocked: "false", wantKept: true},
		{name: "locked after the unlock", stored: "true,", unlockedAt: unlocked, row: "true,2026-03-01T12:00:00.001Z",
			wantLocked: "true", wantAt: "2026-03-01T12:00:00.001Z"},
		{name: "locked after the unlock, in another zone", stored: "true,", unlockedAt: unlocked, row: "true,2026-03-01T13:00:01+01:00",
			wantLocked: "true", wantAt: "2026-03-01T12:00:01.000Z"},
		{name: "locked before the unlock, in another zone", stored: "true,", unlockedAt: unlocked, row: "true,2026-03-01T12:59:59+01:00",
			wantLocked: "false", wantKept: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tb := newTable(t)
			if test.stored != "" {
				tb.load(t, extract("1000001,Cox,active,,"+test.stored+",2025-01-01"))
			}
			if test.unlockedAt != "" {
				tb.set(t, "1000001", attribute.Item{"locked": attribute.Bool(false),
					"unlockedAt": attribute.String(test.unlockedAt), "unlockedBy": attribute.String("lookup-1")})
			}
			row := extract("1000001,Fox,active,," + test.row + ",2026-04-01")
			got := tb.load(t, row)
			if (got.KeptUnlocked == 1) != test.wantKept {
				t.Errorf("%+v", got)
			}
			want := map[string]string{"locked": test.wantLocked, "lockedAt": test.wantAt, "lastName": "Fox", "unlockedAt": test.unlockedAt}
			if test.unlockedAt != "" {
				want["unlockedBy"] = "lookup-1"
			}
			tb.expect(t, "1000001", want)
			if again := tb.load(t, row); again.Unchanged != 1 {
				t.Errorf("loaded again: %+v", again)
			}
			tb.expect(t, "1000001", want)
		})
	}
}

func TestLoadingTheSameFileAfterAnUnlockWritesNothing(t *testing.T) {
	tb := newTable(t)
	file := extract("1000001,Cox,active,,true,2013-01-01,2025-01-01")
	tb.load(t, file)
	tb.set(t, "1000001", attribute.Item{"locked": attribute.Bool(false), "unlockedAt": attribute.String("2026-03-01T12:00:00.000Z"), "unlockedBy": attribute.String("l")})
	before := tb.show(t, "1000001")
	if got, want := tb.load(t, file), (load.Summary{Rows: 1, Unchanged: 1, KeptUnlocked: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if after := tb.show(t, "1000001"); after != before {
		t.Errorf("was\n%s, is\n%s", before, after)
	}
}

func TestRefusedFilesStoreNothing(t *testing.T) {
	const row = "1000001,Ann,Cox,1980-02-03,2025-01-01\n"
	tests := []struct{ name, file, why string }{
		{"empty", "", "empty"},
		{"blank lines", "\n\r\n", "empty"},
		{"no trn", "first_name,last_name,date_of_birth,updated_at\n", "lacks columns that must be there: trn"},
		{"no names", "trn,middle_name,date_of_birth,updated_at\n", "first_name or last_name"},
		{"no date of birth, no time", "trn,last_name\n", "date_of_birth, updated_at"},
		{"unknown", "trn,first_name,last_name,date_of_birth,updated_at,shoe_size\n" + row, `"shoe_size"`},
		{"twice", "trn,first_name,last_name,date_of_birth,updated_at,trn\n" + row, "trn twice"},
		{"semicolons", "trn;first_name;last_name;date_of_birth;updated_at\n", "commas"},
		{"UTF-16", "\xff\xfet\x00r\x00n\x00", "UTF-16"},
		{"UTF-16 without a mark", "t\x00r\x00n\x00", "UTF-16"},
		{"Latin-1", "trn,first_name,last_name,date_of_birth,updated_at,t\xe9l\n", "not UTF-8"},
		{"spreadsheet", "PK\x03\x04…", "spreadsheet"},
		{"old spreadsheet", "\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"},
		{"PDF", "%PDF-1.7", "a PDF"},
		{"JSON", "[{\"trn\": \"1000001\"}]", "JSON"},
		{"XML", "<?xml version=\"1.0\"?><teachers/>", "XML"},
		{"web page", "<!DOCTYPE html><html>", "web page"},
		{"sep", "sep=;\ntrn;first_name\n", "delete that line"},
		{"old Mac line ends", "trn,first_name,last_name,date_of_birth,updated_at\r1000001,Ann,Cox,1980-02-03,2025-01-01\r", "old Macs"},
		{"old Mac line ends in part", "trn,date_of_birth,updated_at,last_name,first_name\rAnn,Cox\n" + row, "old Macs"},
		{"a title", "Teachers as of today\n\ntrn,first_name,last_name,date_of_birth,updated_at\n" + row, "above the header, which is in line 3"},
		{"a title of cells", "Teachers,,,,\ntrn,first_name,last_name,date_of_birth,updated_at\n" + row, "above the header, which is in line 2"},
		{"no header", row, "no header"},
		{"other columns", "id,name\n1,Cox\n", "names none of the register's columns"},
		{"tabs", "trn\tfirst_name\tlast_name\tdate_of_birth\tupdated_at\n", "commas"},
		{"Windows-1252", "trn,first_name,last_name,date_of_birth,updated_at\n" + strings.Repeat("1000001,Jos\xe9,Cox,1980-02-03,2025-01-01\n", 3), "not UTF-8"},
		{"bzip2", "BZh91AY", "bzip2"},
		{"damaged gzip", "\x1f\x8bnonsense", "damaged"},
		{"header's quote open", "trn,\"first_name\n" + row, "header cannot be read"},
	}
	tb := newTable(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, rejects, err := tb.tryLoad(t.Context(), test.file)
			var refusal *load.Refusal
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Why, test.why) {
				t.Errorf("%v, want a refusal with %q", err, test.why)
			}
			if rejects != "" {
				t.Errorf("rejects:\n%s", rejects)
			}
			if regexp.MustCompile(`(?i)\b(ann|cox)\b`).MatchString(err.Error()) {
				t.Errorf("the refusal repeats a person's name: %v", err)
			}
		})
	}
	if records := tb.all(t); len(records) > 0 {
		t.Errorf("stored %v", records)
	}
}

func TestBadRowsAreRejectedAndTheRestLoads(t *testing.T) {
	tb := newTable(t)
	file := "\ufeff" + strings.ReplaceAll(header, "\n", "\r\n") + // 1
		"1000001,Ann,,Cox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 2
		"100002,Ann,,Cox,,03/02/1980,,,,,,,,,2025-01-01\r\n" + // 3
		"\r\n" + // 4
		"1000003,\"Ann\r\nMarie\",,Cox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 5 and 6
		"1000004,Ann,,Cox,,1980-02-03,nonsense,\"not an\naddress\",1|A,asleep,12,x|y,maybe,soon,\r\n" + // 7 and 8
		"1000005,Ann,,Cox,,1980-02-03\r\n" + // 9
		"1000006,Ann,,Cox \"the\" Fox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 10
		"1000007,\"Ann,,Cox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 11: swallows nothing
		"1000008,\"Ann\",,Cox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 12
		"1000009,,only,,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 13
		"1000010,Jos\xe9,,Cox,,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 14
		"1000011,Ann,," + strings.Repeat("x", 2<<20) + ",,1980-02-03,,,,,,,,,2025-01-01\r\n" + // 15
		",,,,,,,,,,,,,,\r\n" + // 16
		"1000012,Ann,,Cox,,1980-02-03,,,,merged:12,,,,,2025-01-01\r\n" + // 17
		"1000013,Ann,,Cox,,1980-02-03,,,,merged:1000013,,,,,2025-01-01\r\n" + // 18
		"1000014,Ann,,Cox,,1980-02-03,,,,,,,,,2025-01-01T10:00:00\r\n" + // 19
		"1000015,Ann,,Cox,,1980-02-03,,,,,,,,,2025-01-01,extra\r\n" + // 20
		"1000016,Ann,,\"Cox, once Day\",,1980-02-03,,,,,,,,,2025-01-01" // 21, no line's end
	summary, rejects, err := tb.tryLoad(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if want := (load.Summary{Rows: 16, Added: 4, Rejected: 12}); summary != want {
		t.Errorf("%+v, want %+v", summary, want)
	}
	want := `line,column,reason
3,trn,not seven digits
3,date_of_birth,not a date of the form YYYY-MM-DD
7,national_insurance_number,not a National Insurance number
7,email,not the address of one mailbox
7,training_providers,the UKPRN of a training provider is not eight digits
7,status,"none of active, deactivated, merged:<trn>, deceased"
7,former_trns,a former TRN is not seven digits
7,alerts,an alert is not of the form id|type|start|end
7,locked,neither true nor false nor blank
7,locked_at,"not a time of the form 2025-06-30T14:05:00Z, or a date"
7,updated_at,"not a time of the form 2025-06-30T14:05:00Z, or a date"
9,,fewer cells than the header has columns
10,,a quote inside a cell that is not quoted: quote the cell and double the quote
11,,text after the closing quote of a cell: double a quote that is part of the text
13,last_name,neither a first nor a last name
14,first_name,not UTF-8: save the file as CSV in UTF-8
15,,the row is longer than 1 MiB
17,status,merged without the seven digits of the other TRN: merged:<trn>
18,status,merged into itself
19,updated_at,"not a time of the form 2025-06-30T14:05:00Z, or a date"
20,,more cells than the header has columns: quote a cell that holds a comma
`
	if rejects != want {
		t.Errorf("rejects:\n%s, want\n%s", rejects, want)
	}
	records := tb.all(t)
	for _, trn := range []string{"1000001", "1000003", "1000008", "1000016"} {
		if records[trn] == "" {
			t.Errorf("%s is not stored", trn)
		}
		delete(records, trn)
	}
	if len(records) > 0 {
		t.Errorf("stored as well: %v", records)
	}
	tb.expect(t, "1000003", map[string]string{"firstName": "Ann Marie"})
	tb.expect(t, "1000016", map[string]string{"lastName": "Cox, once Day"})
}

// TestFilesAsProgramsWriteThem: packed with gzip, with two byte-order marks, with blanks about quotes.
func TestFilesAsProgramsWriteThem(t *testing.T) {
	plain := "trn,last_name,date_of_birth,updated_at\n1000001,\"Cox, once Day\",1980-02-03,2025-01-01\n"
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	if _, err := gz.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"plain": plain, "gzip": packed.String(), "two marks": "\ufeff\ufeff" + plain,
		"blanks about quotes": strings.Replace(strings.Replace(plain, ",\"", ", \"", 1), "\",", "\" ,", 1),
		"CRLF":                strings.ReplaceAll(plain, "\n", "\r\n"), "padded": strings.ReplaceAll(plain, "\n", ",,\n"), "padded header": strings.Replace(plain, "\n", ",, \n", 1)} {
		tb := newTable(t)
		if got := tb.load(t, file); got.Added != 1 {
			t.Errorf("%s: %+v", name, got)
		}
		tb.expect(t, "1000001", map[string]string{"lastName": "Cox, once Day"})
	}
	tb := newTable(t)
	_, _, err := tb.tryLoad(t.Context(), packed.String()[:packed.Len()-9])
	var refusal *load.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "cut short") {
		t.Errorf("a packed file that is cut short: %v", err)
	}
}

func TestAQuoteThatIsNeverClosedRejectsOneRow(t *testing.T) {
	tb := newTable(t)
	file := extract("1000001,\"Cox,,,,,2025-01-01")
	for i := range 300 {
		file += fmt.Sprintf("%d,Fox,,,,,2025-01-01,1980-02-03\n", 2_000_000+i)
	}
	summary, rejects, err := tb.tryLoad(t.Context(), file)
	if want := (load.Summary{Rows: 301, Added: 300, Rejected: 1}); err != nil || summary != want {
		t.Errorf("%+v, %v, want %+v", summary, err, want)
	}
	if want := "line,column,reason\n2,,a quote is never closed\n"; rejects != want {
		t.Errorf("rejects %q, want %q", rejects, want)
	}
}
