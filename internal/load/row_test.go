package load

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"losttrn/internal/attribute"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// parseCell parses a row that is good but for one cell.
func parseCell(column, cell string) (row, []problem) {
	cells := []string{"1000001", "Cox", "1980-02-03", "2025-01-01"}
	header := []string{colTRN, colLastName, colDateOfBirth, colUpdatedAt}
	for i, name := range header {
		if name == column {
			cells[i] = cell
			return parseRow(header, cells)
		}
	}
	return parseRow(append(header, column), append(cells, cell))
}

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func parseRow(header, cells []string) (row, []problem) {
	return newParser(header, now).parse(rawRow{line: 2, cells: cells})
}

// outcome is an attribute's value as text, "absent", or what is wrong with the row.
func outcome(r row, problems []problem, name string) string {
	if len(problems) > 0 {
		return "! " + problems[0].column + ": " + problems[0].reason
	}
	if name == "trn" {
		return r.trn.Digits()
	}
	for _, f := range insert(&r).set {
		if f.Name == name {
			return text(f.Value)
		}
	}
	return "none"
}

func text(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberL:
		var all []string
		for _, e := range v.Value {
			all = append(all, text(e))
		}
		return strings.Join(all, ";")
	case *types.AttributeValueMemberM:
		parts := map[string]string{}
		for name, e := range v.Value {
			parts[name] = text(e)
		}
		return strings.TrimPrefix(fmt.Sprint(parts), "map")
	}
	return "absent"
}

func TestCells(t *testing.T) {
	const (
		notTime = "not a time of the form 2025-06-30T14:05:00Z, or a date"
		alert   = "an alert lacks its id or its start, a date of the form YYYY-MM-DD"
	)
	tests := []struct{ column, cell, attribute, want string }{
		{colTRN, "0123456", "trn", "0123456"},
		{colTRN, "RP01/23456", "trn", "0123456"},
		{colTRN, "123456", "trn", "! trn: not seven digits"},
		{colTRN, "12345678", "trn", "! trn: not seven digits"},
		{colTRN, "", "trn", "! trn: not seven digits"},
		{colLastName, "\t O’Neill\u00a0", "lastName", "O’Neill"},
		{colLastName, "Δ", "lastName", "Δ"},
		{colLastName, " ", "lastName", "! last_name: neither a first nor a last name"},
		{colLastName, "Jos\xe9", "lastName", "! last_name: not UTF-8: save the file as CSV in UTF-8"},
		{colFirstName, "", "firstName", "absent"},
		{colDateOfBirth, "2000-02-29", "dateOfBirth", "2000-02-29"},
		{colDateOfBirth, "1900-02-29", "dateOfBirth", "! date_of_birth: not a date of the form YYYY-MM-DD"},
		{colDateOfBirth, "29/02/2000", "dateOfBirth", "! date_of_birth: not a date of the form YYYY-MM-DD"},
		{colDateOfBirth, "", "dateOfBirth", "! date_of_birth: not a date of the form YYYY-MM-DD"},
		{colNINO, "qq 12 34 56 a", "nationalInsuranceNumber", "QQ123456A"},
		{colNINO, "qq-12 34.56 a", "nationalInsuranceNumber", "! national_insurance_number: not a National Insurance number"},
		{colNINO, " ", "nationalInsuranceNumber", "absent"},
		{colNINO, "QQ123456E", "nationalInsuranceNumber", "! national_insurance_number: not a National Insurance number"},
		{colEmail, "an\u00a0n@ab--cd.exam\u202fple", "email", "ann@ab--cd.example"},
		{colEmail, ".ann@xn--nothing9.example", "emailKey", ".ann@xn--nothing9.example"},
		{colEmail, " A.B+c@Example.COM ", "email", "A.B+c@Example.COM"},
		{colEmail, " A.B+c@Example.COM ", "emailKey", "a.b@example.com"},
		{colEmail, "", "emailKey", "absent"},
		{colEmail, "a@b", "email", "! email: not the address of one mailbox"},
		{colEmail, "a@example.com; b@example.com", "email", "! email: not the address of one mailbox"},
		{colStatus, "", "status", "active"},
		{colStatus, "Active", "status", "active"},
		{colStatus, "deceased", "status", "deceased"},
		{colStatus, "deactivated", "mergedInto", "absent"},
		{colStatus, "merged:0123456", "status", "merged"},
		{colStatus, "merged: 0123456", "mergedInto", "0123456"},
		{colStatus, "merged", "status", "! status: merged without the seven digits of the other TRN: merged:<trn>"},
		{colStatus, "merged:1000001", "status", "! status: merged into itself"},
		{colStatus, "active:0123456", "status", "! status: none of active, deactivated, merged:<trn>, deceased"},
		{colStatus, ":", "status", "! status: none of active, deactivated, merged:<trn>, deceased"},
		{colFormerTRNs, "0123456; 7654321 ;", "formerTrns", "0123456;7654321"},
		{colFormerTRNs, ";;", "formerTrns", "none"},
		{colFormerTRNs, "0123456;1", "formerTrns", "! former_trns: a former TRN is not seven digits"},
		{colPrevious, "Ann|Day; |Fox ;Bea|;|;", "previousNames", "[firstName:Ann lastName:Day];[lastName:Fox];[firstName:Bea]"},
		{colPrevious, "Ann Day", "previousNames", "! previous_names: a previous name is not of the form First|Last"},
		{colPrevious, "Ann|Bea|Day", "previousNames", "! previous_names: a previous name is not of the form First|Last"},
		{colProviders, "10012345|College;|Other", "trainingProviders", "[name:College ukprn:10012345];[name:Other]"},
		{colProviders, "10012345|", "trainingProviders", "[ukprn:10012345]"},
		{colProviders, "1001|College", "trainingProviders", "! training_providers: the UKPRN of a training provider is not eight digits"},
		{colProviders, "College", "trainingProviders", "! training_providers: a training provider is not of the form UKPRN|name"},
		{colAlerts, "A|Any text, at all|2020-01-01|2021-01-01;B||2020-01-01", "alerts",
			"[endDate:2021-01-01 id:A startDate:2020-01-01 type:Any text, at all];[id:B startDate:2020-01-01]"},
		{colAlerts, "", "alerts", "absent"},
		{colAlerts, "A|x|2020-01-01|2020-01-01", "alerts", "[endDate:2020-01-01 id:A startDate:2020-01-01 type:x]"},
		{colAlerts, "A|x||", "alerts", "! alerts: " + alert},
		{colAlerts, "|x|2020-01-01|", "alerts", "! alerts: " + alert},
		{colAlerts, "A|x|1/1/2020|", "alerts", "! alerts: " + alert},
		{colAlerts, "A|x|2020-01-01|open", "alerts", "! alerts: the end of an alert is neither blank nor a date of the form YYYY-MM-DD"},
		{colAlerts, "A|x|2020-01-02|2020-01-01", "alerts", "! alerts: an alert ends before it starts"},
		{colAlerts, "A|x", "alerts", "! alerts: an alert is not of the form id|type|start|end"},
		{colAlerts, "A|x|y|2020-01-01|", "alerts", "! alerts: an alert is not of the form id|type|start|end"},
		{colLocked, "yes", "locked", "! locked: neither true nor false nor blank"},
		{colLockedAt, "yesterday", "lockedAt", "! locked_at: " + notTime},
		{colUpdatedAt, "2025-06-30T14:05:00Z", "updatedAt", "2025-06-30T14:05:00.000Z"},
		{colUpdatedAt, "2025-06-30 14:05:00.12345Z", "updatedAt", "2025-06-30T14:05:00.123Z"},
		{colUpdatedAt, "2025-06-30T00:30:00+01:00", "updatedAt", "2025-06-29T23:30:00.000Z"},
		{colUpdatedAt, "2025-06-30", "updatedAt", "2025-06-30T00:00:00.000Z"},
		{colUpdatedAt, "2025-06-30T14:05:00", "updatedAt", "! updated_at: " + notTime},
		{colUpdatedAt, "2025-06-31", "updatedAt", "! updated_at: " + notTime},
		{colUpdatedAt, "0000-12-31", "updatedAt", "! updated_at: " + notTime},
		{colUpdatedAt, "9999-12-31T23:59:59-01:00", "updatedAt", "! updated_at: " + notTime},
		{colUpdatedAt, "", "updatedAt", "! updated_at: " + notTime},
		{colUpdatedAt, "2026-11-23T11:59:00Z", "updatedAt", "2026-11-23T11:59:00.000Z"},
		{colUpdatedAt, "2026-11-23T12:01:00Z", "updatedAt", "! updated_at: more than a day in the future: it would win over every later row"},
		{colUpdatedAt, "2099-01-01", "updatedAt", "! updated_at: more than a day in the future: it would win over every later row"},
		{colUpdatedAt, "1970-01-01", "updatedAt", "! updated_at: a time that stands for none: before 1970-01-02"},
		{colLockedAt, "2099-01-01", "lockedAt", "! locked_at: more than a day in the future: it would win over every later row"},
		{colTRN, "123456.0", "trn", "! trn: not seven digits"},
		{colTRN, "1.2345E+06", "trn", "! trn: not seven digits"},
		{colTRN, "-2234567", "trn", "! trn: not seven digits"},
		{colTRN, "0000000", "trn", "! trn: not seven digits"},
		{colTRN, "9999999", "trn", "! trn: not seven digits"},
		{colStatus, "merged:-1234567", "status", "! status: merged without the seven digits of the other TRN: merged:<trn>"},
		{colFormerTRNs, "123456.0", "formerTrns", "! former_trns: a former TRN is not seven digits"},
		{colProviders, "1.001E7|College", "trainingProviders", "! training_providers: the UKPRN of a training provider is not eight digits"},
		{colProviders, "UKPRN 10012345|College", "trainingProviders", "! training_providers: the UKPRN of a training provider is not eight digits"},
		{colDateOfBirth, "1899-12-31", "dateOfBirth", "! date_of_birth: a date of birth before 1900"},
		{colDateOfBirth, "2026-11-23", "dateOfBirth", "! date_of_birth: a date of birth in the future"},
		{colDateOfBirth, "2010-11-23", "dateOfBirth", "! date_of_birth: a date of birth less than 16 years ago"},
		{colDateOfBirth, "2010-11-22", "dateOfBirth", "2010-11-22"},
		{colAlerts, "|||", "alerts", "! alerts: an alert of nothing but bars"},
		{colAlerts, "A|x|2020-01-01|;|", "alerts", "! alerts: an alert of nothing but bars"},
		{colAlerts, "A|x|1990-01-01|1900-01-01", "alerts", "! alerts: an alert ends before it starts"},
		{colAlerts, "A|x|1900-01-01|1900-01-01", "alerts", "! alerts: " + reasonSentinel},
		{colAlerts, "A|x|1899-12-30|", "alerts", "! alerts: " + reasonSentinel},
		{colAlerts, "A|x|1960-01-01|1970-01-01", "alerts", "! alerts: " + reasonSentinel},
		{colAlerts, "A|x|1985-01-01|1990-01-01", "alerts", "! alerts: an alert of somebody less than 16 years old"},
		{colAlerts, "A|x|2020-01-01|9999-12-31", "alerts", "[endDate:9999-12-31 id:A startDate:2020-01-01 type:x]"},
	}
	for _, test := range tests {
		t.Run(test.column+"="+test.cell, func(t *testing.T) {
			r, problems := parseCell(test.column, test.cell)
			if got := outcome(r, problems, test.attribute); got != test.want {
				t.Errorf("%s is %q, want %q", test.attribute, got, test.want)
			}
		})
	}
}

// TestMistakes: what can only be a mistake rejects the row, and costs a cell that is only evidence, in every column.
func TestMistakes(t *testing.T) {
	mistakes := map[string]string{
		"NULL": reasonPlaceholder, "null": reasonPlaceholder, "(null)": reasonPlaceholder, "None": reasonPlaceholder, "nan": reasonPlaceholder,
		"N/A": reasonPlaceholder, "Unknown": reasonPlaceholder, " - ": reasonPlaceholder, `\N`: reasonPlaceholder,
		"#N/A": reasonSpreadsheet, "#REF!": reasonSpreadsheet, "#VALUE!": reasonSpreadsheet, "#NAME?": reasonSpreadsheet, "#DIV/0!": reasonSpreadsheet, "######": reasonSpreadsheet,
		"O\ufffdNeill": reasonLost, "Ann\ufffe": reasonLost, "Ann\uffff": reasonLost,
		"O&#39;Neill": reasonEntity, "Smith &amp; Sons": reasonEntity, "Ren&eacute;e": reasonEntity, "&#xE9;": reasonEntity,
		"JosÃ©": reasonEncoded, "Oâ€™Neill": reasonEncoded, "Åukasz ÅÃ³dÅº": reasonEncoded, "ZoÃ«": reasonEncoded, "Â£": reasonEncoded,
		"Ann\x00": reasonControl, "Ann\x1b": reasonControl, "Ann\x7f": reasonControl, "Ann\u0085": reasonControl,
	}
	for _, column := range columns {
		for cell, reason := range mistakes {
			r, problems := parseCell(column, cell)
			evidence := column == colEmail || column == colNINO || column == colProviders || column == colPrevious
			if len(problems) != 1 || problems[0].reason != reason || problems[0].column != column || r.rejected == evidence || problems[0].dropped != evidence {
				t.Errorf("%s %q: %+v, rejected %t", column, cell, problems, r.rejected)
			}
		}
	}
	for _, name := range []string{"O’Neill", "Nul", "Nana", "Łukasz", "René’s", "D&D", "Björk", "Ångström", "AT&T; Co", "Ã", "ÉCOLE", "Nguyễn", "李", "Naïve", "Mr & Mrs", "#1"} {
		if r, problems := parseCell(colLastName, name); len(problems) > 0 || r.rejected {
			t.Errorf("%s: %+v", name, problems)
		}
	}
	for cell, reason := range map[string]string{"A|NULL|2020-01-01|": reasonPlaceholder, "A|x|2020-01-01|NULL": reasonPlaceholder, "A|#REF!|2020-01-01|": reasonSpreadsheet} {
		if r, problems := parseCell(colAlerts, cell); !r.rejected || problems[0].reason != reason {
			t.Errorf("%s: %+v", cell, problems)
		}
	}
}

// TestColumnsWithoutAName: a spreadsheet pads the header and the rows. A value there is of no column.
func TestColumnsWithoutAName(t *testing.T) {
	header := []string{colTRN, "", colLastName, colDateOfBirth, colUpdatedAt, "", ""}
	for _, test := range []struct {
		cells    []string
		rejected bool
	}{
		{[]string{"1000001", "", "Cox", "1980-02-03", "2025-01-01", "", ""}, false},
		{[]string{"1000001", " ", "Cox", "1980-02-03", "2025-01-01"}, false},
		{[]string{"1000001", "", "Cox", "1980-02-03"}, true},
		{[]string{"1000001", "x", "Cox", "1980-02-03", "2025-01-01", "", ""}, true},
		{[]string{"1000001", "", "Cox", "1980-02-03", "2025-01-01", "", "x"}, true},
	} {
		if r, problems := parseRow(header, test.cells); r.rejected != test.rejected || r.trn.Digits() != "1000001" {
			t.Errorf("%q: %+v", test.cells, problems)
		}
	}
}

func TestLockCells(t *testing.T) {
	for cell, want := range map[string]lock{"": {}, "true": {given: true, locked: true}, "TRUE": {given: true, locked: true}, "False": {given: true}} {
		if r, problems := parseCell(colLocked, cell); r.lock != want || len(problems) > 0 {
			t.Errorf("%q: %+v %v, want %+v", cell, r.lock, problems, want)
		}
	}
	want := lock{at: "2013-01-01T00:00:00.000Z", hasAt: true}
	if r, problems := parseCell(colLockedAt, "2013-01-01"); r.lock != want || len(problems) > 0 {
		t.Errorf("%+v %v, want %+v", r.lock, problems, want)
	}
}

func TestARowTooLargeToStoreIsRejected(t *testing.T) {
	// Short entries take several times their length in the table.
	fits, problems := parseCell(colPrevious, strings.Repeat("A|B;", 10_000))
	if len(problems) > 0 {
		t.Fatalf("%v", problems)
	}
	if bytes := itemBytes(fits); bytes > maxItem {
		t.Errorf("%d bytes were accepted", bytes)
	}
	_, problems = parseCell(colPrevious, strings.Repeat("A|B;", 20_000))
	if len(problems) != 1 || problems[0].reason != "too large to store: more than 390 KB" {
		t.Errorf("%v", problems)
	}
}

// itemBytes is what DynamoDB counts: names and texts, 3 bytes for a list or map and 1 for each of their elements.
func itemBytes(r row) int {
	total := 0
	for _, f := range r.facts {
		total += len(f.Name) + valueBytes(f.Value)
	}
	return total
}

func valueBytes(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberL:
		total := 3
		for _, e := range v.Value {
			total += 1 + valueBytes(e)
		}
		return total
	case *types.AttributeValueMemberM:
		total := 3
		for name, e := range v.Value {
			total += 1 + len(name) + valueBytes(e)
		}
		return total
	}
	return 0
}

// FuzzParse feeds a whole row: whatever it holds, it is either rejected with a reason or can be stored.
func FuzzParse(f *testing.F) {
	f.Add("1000001,Ann,,Cox,Ann|Day,1980-02-03,QQ123456C,a@example.com,10012345|College,merged:0123456,7654321,A|x|2020-01-01|,true,2013-01-01,2025-01-01")
	f.Add("1000001,,,Cox,,1980-02-03,,,,,,,,,2025-01-01T00:00:00+14:00")
	f.Add(",,,|;|,;,||||,::,\xff,,,,,,,,")
	f.Fuzz(func(t *testing.T, file string) {
		cells := strings.Split(file, ",")
		r, problems := parseRow(columns, cells)
		if len(problems) > 0 {
			for _, p := range problems {
				if p.reason == "" || len(cells) == len(columns) && p.column == "" && !strings.HasPrefix(p.reason, "too large") {
					t.Errorf("rejected without a reason or column: %+v", p)
				}
			}
			return
		}
		if r.trn.IsZero() || len(r.updatedAt) != len("2025-01-01T00:00:00.000Z") || itemBytes(r) > maxItem+1000 {
			t.Errorf("accepted %+v", r)
		}
		for _, f := range r.facts {
			storable(t, f.Name, f.Value)
		}
		d := judge(&r, nil)
		stored := after(r.trn, nil, d.set)
		if again := judge(&r, stored); again.verdict != unchanged || again.writes {
			t.Errorf("the row does not find itself stored: %+v", again)
		}
		if attribute.Text(stored, "status") == "" || stored["locked"] == nil {
			t.Errorf("stored without a status or lock: %v", stored)
		}
	})
}

// storable checks that no text is blank or broken: DynamoDB takes no blank keys, and blank is stored as absent.
func storable(t *testing.T, name string, v types.AttributeValue) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		if v.Value == "" || !utf8.ValidString(v.Value) {
			t.Errorf("%s is %q", name, v.Value)
		}
	case *types.AttributeValueMemberL:
		if len(v.Value) == 0 {
			t.Errorf("%s is an empty list", name)
		}
		for _, e := range v.Value {
			storable(t, name, e)
		}
	case *types.AttributeValueMemberM:
		if len(v.Value) == 0 {
			t.Errorf("%s holds an empty map", name)
		}
		for inner, e := range v.Value {
			storable(t, name+"."+inner, e)
		}
	}
}
