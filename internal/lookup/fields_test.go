package lookup_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/message"

	"pgregory.net/rapid"
)

// everything are details of every field.
func everything() lookup.Details {
	return lookup.Details{Email: "Ann@Example.com", FirstName: "Ann", MiddleName: "Mary", LastName: "Example",
		PreviousFirstName: "Anna", PreviousLastName: "Other", DateOfBirth: lookup.TypedDate{Day: "31", Month: "January", Year: "1980"},
		NINO: "qq 12 34 56 c", TRN: "RP99/12345", TrainingProvider: "University of Nowhere"}
}

// TestEveryFieldIsInTheTable: each text of Details and each member of Query belongs to exactly one row of the table,
// so a field that somebody adds to the structures alone is noticed here.
func TestEveryFieldIsInTheTable(t *testing.T) {
	var d lookup.Details
	seen := map[*string]lookup.Field{}
	for _, field := range lookup.Fields() {
		typed := d.Typed(field)
		if len(typed) != len(field.Inputs()) {
			t.Errorf("%s has %d texts and %d inputs", field, len(typed), len(field.Inputs()))
		}
		for _, text := range typed {
			if other, ok := seen[text]; ok {
				t.Errorf("%s and %s share a text", field, other)
			}
			seen[text] = field
		}
	}
	if texts := textsOf(reflect.ValueOf(d)); len(seen) != texts {
		t.Errorf("the table has %d texts, Details %d", len(seen), texts)
	}
	q, problems := everything().Check(day(t, "2026-11-22"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if members := reflect.TypeOf(q).NumField(); members != len(lookup.Fields()) {
		t.Errorf("the table has %d fields, Query %d members", len(lookup.Fields()), members)
	}
	for i := range reflect.TypeOf(q).NumField() {
		if reflect.ValueOf(q).Field(i).IsZero() {
			t.Errorf("no row of the table puts %s into the query", reflect.TypeOf(q).Field(i).Name)
		}
	}
}

func textsOf(v reflect.Value) int {
	if v.Kind() == reflect.String {
		return 1
	}
	texts := 0
	for i := range v.NumField() {
		texts += textsOf(v.Field(i))
	}
	return texts
}

// TestEachFieldCounts: each field alone is checked, is part of what makes two lookups the same, and of what is kept;
// another value of it is another lookup.
func TestEachFieldCounts(t *testing.T) {
	today := day(t, "2026-11-22")
	all, _ := everything().Check(today)
	others := map[lookup.Field]string{lookup.FieldDateOfBirth: "1981-02-01", lookup.FieldNINO: "QQ123457C", lookup.FieldTRN: "1234567",
		lookup.FieldEmail: "bob@example.com"}
	for _, field := range lookup.Fields() {
		d := everything()
		other := others[field]
		if other == "" {
			other = "Changed"
		}
		d.Set(field, other)
		changed, problems := d.Check(today)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if changed.SameAs(all) || changed.Text(field) != other {
			t.Errorf("%s: another value makes no difference", field)
		}
		restored, err := lookup.RestoreQuery(changed.Text)
		if err != nil || !restored.SameAs(changed) {
			t.Errorf("%s is not kept: %v", field, err)
		}
		only, problems := everything().CheckFields(today, field)
		if len(problems) > 0 || only.Text(field) != all.Text(field) {
			t.Errorf("%s alone: %q, %v", field, only.Text(field), problems)
		}
	}
}

func TestRestoreLeavesOutWhatIsNotTakenToday(t *testing.T) {
	all, _ := everything().Check(day(t, "2026-11-22"))
	restored, err := lookup.RestoreQuery(func(f lookup.Field) string {
		switch f {
		case lookup.FieldNINO:
			return "not a number"
		case lookup.FieldFirstName:
			return "A\ufffenn"
		}
		return all.Text(f)
	})
	if err != nil || restored.FirstName != "Ann" || !restored.NINO.IsZero() || restored.Email != all.Email {
		t.Errorf("%v", err)
	}
	if _, err := lookup.RestoreQuery(func(lookup.Field) string { return "" }); err == nil {
		t.Error("a query of nobody")
	}
}

// TestTidy: what is kept as typed is short enough for a cookie, and passes its check again.
func TestTidy(t *testing.T) {
	d := everything()
	d.NINO = "\u200bQQ" + strings.Repeat(".", 5000) + "123456C"
	d.DateOfBirth.Day = strings.Repeat(" ", 5000) + "31"
	d.DateOfBirth.Month = "January" + strings.Repeat("\u200b", 5000)
	d.FirstName = " Ann\u00a0"
	d.Email = strings.Replace(d.Email, "@", "\u00a0@\u200b", 1)
	today := day(t, "2026-11-22")
	before, problems := d.Check(today)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, field := range lookup.Fields() {
		d.Tidy(field, before)
	}
	after, problems := d.Check(today)
	if len(problems) > 0 || !after.SameAs(before) {
		t.Errorf("tidied details are others: %v", problems)
	}
	if d.NINO != "QQ123456C" || d.DateOfBirth != (lookup.TypedDate{Day: "31", Month: "January", Year: "1980"}) || d.FirstName != "Ann" {
		t.Errorf("tidied to %+v", d)
	}
}

// TestEveryMessageIsThere: whatever code a check can give has its words in the catalogue, and its inputs.
func TestEveryMessageIsThere(t *testing.T) {
	today := day(t, "2026-11-22")
	long := strings.Repeat("x", 300)
	tried := map[string]bool{}
	try := func(d lookup.Details) {
		_, problems := d.Check(today)
		for _, p := range problems {
			tried[p.Key()] = true
			if !catalogue.English.Has(p.Key()) {
				t.Errorf("no text for %s", p.Key())
			}
			if inputs := p.Inputs(); len(inputs) == 0 {
				t.Errorf("no input for %s", p.Key())
			}
		}
	}
	try(lookup.Details{})
	for _, field := range lookup.Fields() {
		for _, text := range []string{"", "x", long} {
			d := everything()
			for _, typed := range d.Typed(field) {
				*typed = text
			}
			try(d)
		}
	}
	for _, date := range []lookup.TypedDate{{Day: "1"}, {Month: "1"}, {Year: "1980"}, {Day: "1", Month: "1"}, {Day: "1", Year: "1980"},
		{Month: "1", Year: "1980"}, {Day: "1", Month: "1", Year: "80"}, {Day: "31", Month: "2", Year: "1980"},
		{Day: "1", Month: "1", Year: "2050"}, {Day: "1", Month: "1", Year: "2015"}} {
		try(lookup.Details{DateOfBirth: date})
	}
	if len(tried) < 20 {
		t.Errorf("only %d messages were tried", len(tried))
	}
	for _, key := range []string{"error.dateOfBirth." + lookup.CodeWrongForm, "error.note." + lookup.CodeTooLong} {
		if !catalogue.English.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
}

func TestOnlyTheInputsThatLackAreMarked(t *testing.T) {
	for code, want := range map[string]string{
		"missing_day": "dateOfBirth-day", "missing_day_year": "dateOfBirth-day dateOfBirth-year", "missing_month_year": "dateOfBirth-month dateOfBirth-year",
		lookup.CodeYear: "dateOfBirth-year", lookup.CodeNotReal: "dateOfBirth-day dateOfBirth-month dateOfBirth-year",
	} {
		p := lookup.Problem{Field: lookup.FieldDateOfBirth, Code: code}
		if got := strings.Join(p.Inputs(), " "); got != want {
			t.Errorf("%s marks %s, want %s", code, got, want)
		}
	}
}

// TestWhatPeopleTypeIsCarriedByQueues: whatever is typed, no message that is made of it holds a character that SQS refuses.
func TestWhatPeopleTypeIsCarriedByQueues(t *testing.T) {
	carried := func(r rune) bool {
		return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || r >= 0x10000
	}
	today := day(t, "2026-11-22")
	rapid.Check(t, func(t *rapid.T) {
		odd := rapid.SampledFrom([]rune{0, 1, 0x0b, 0x1f, 0x7f, 0x85, 0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x10ffff, 0x200b, 0xfeff, 'é'})
		d := everything()
		for i, typed := range []*string{&d.Email, &d.FirstName, &d.MiddleName, &d.LastName, &d.PreviousFirstName, &d.PreviousLastName} {
			at := rapid.IntRange(0, len(*typed)).Draw(t, fmt.Sprint("at ", i))
			*typed = (*typed)[:at] + string(odd.Draw(t, fmt.Sprint("odd ", i))) + (*typed)[at:]
		}
		q, _ := d.CheckFields(today, lookup.Fields()...)
		match := message.Match{LookupID: "l", Email: q.Email, Name: q.FullName(), Evidence: []string{"name"}}
		for _, body := range []string{match.Body(), message.Email{LookupID: "l", Kind: message.KindHelpdeskRequest, To: q.Email}.Body()} {
			// A body is JSON, which may write as an escape what a queue would refuse as a character.
			for _, r := range body {
				if !carried(r) {
					t.Fatalf("%q", body)
				}
			}
		}
	})
}
