package lookup_test

import (
	"reflect"
	"strings"
	"testing"

	"losttrn/internal/lookup"
)

// good are details without fault, the required ones only.
func good() lookup.Details {
	return lookup.Details{Email: "ann@example.com", FirstName: "Ann", LastName: "Example",
		DateOfBirth: lookup.TypedDate{Day: "31", Month: "1", Year: "1980"}}
}

func TestCheckReportsAllAtOnceAndInOrder(t *testing.T) {
	long := strings.Repeat("é", 101)
	all := lookup.Details{Email: "ann@", FirstName: "", MiddleName: long, LastName: long, PreviousFirstName: long, PreviousLastName: long,
		DateOfBirth: lookup.TypedDate{Day: "31", Month: "2", Year: "1980"}, NINO: "QQ1", TRN: "1", TrainingProvider: long + long}
	q, errs := all.Check(day(t, "2026-11-22"))
	want := []lookup.Problem{
		{Field: lookup.FieldEmail, Code: lookup.CodeInvalid},
		{Field: lookup.FieldFirstName, Code: lookup.CodeMissing},
		{Field: lookup.FieldMiddleName, Code: lookup.CodeTooLong},
		{Field: lookup.FieldLastName, Code: lookup.CodeTooLong},
		{Field: lookup.FieldPreviousFirstName, Code: lookup.CodeTooLong},
		{Field: lookup.FieldPreviousLastName, Code: lookup.CodeTooLong},
		{Field: lookup.FieldDateOfBirth, Code: lookup.CodeNotReal},
		{Field: lookup.FieldNINO, Code: lookup.CodeInvalid},
		{Field: lookup.FieldTRN, Code: lookup.CodeInvalid},
		{Field: lookup.FieldTrainingProvider, Code: lookup.CodeTooLong},
	}
	if !reflect.DeepEqual(errs, want) {
		t.Errorf("got %v, want %v", errs, want)
	}
	if !reflect.DeepEqual(q, lookup.Query{}) {
		t.Error("invalid details gave a query all the same")
	}
	_, errs = lookup.Details{}.Check(day(t, "2026-11-22"))
	want = []lookup.Problem{{lookup.FieldEmail, lookup.CodeMissing}, {lookup.FieldFirstName, lookup.CodeMissing},
		{lookup.FieldLastName, lookup.CodeMissing}, {lookup.FieldDateOfBirth, lookup.CodeMissing}}
	if !reflect.DeepEqual(errs, want) {
		t.Errorf("of nothing: got %v, want %v", errs, want)
	}
}

func TestCheckCleans(t *testing.T) {
	d := good()
	d.Email, d.FirstName, d.MiddleName, d.LastName = " Ann+x@Example.com\u200b", "\u00a0Ann\u3000", "", "O’Example-Smith "
	d.PreviousFirstName, d.PreviousLastName = " ", strings.Repeat("é", 100)
	d.NINO, d.TRN, d.TrainingProvider = "qq 12-34.56 c", "RP 99/12345", " University  of Nowhere "
	q, errs := d.Check(day(t, "2026-11-22"))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, pair := range [][2]string{
		{q.Email.Typed(), "Ann+x@Example.com"}, {q.Email.Key().Text(), "ann@example.com"}, {q.FirstName, "Ann"}, {q.MiddleName, ""},
		{q.LastName, "O’Example-Smith"}, {q.PreviousFirstName, ""}, {q.PreviousLastName, d.PreviousLastName},
		{q.DateOfBirth.ISO(), "1980-01-31"}, {q.NINO.Normalised(), "QQ123456C"}, {q.TRN.Digits(), "9912345"},
		{q.TrainingProvider, "University  of Nowhere"}, {q.FullName(), "Ann O’Example-Smith"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("got %q, want %q", pair[0], pair[1])
		}
	}
	person := q.Person()
	if person.Provider.Name != "University  of Nowhere" || person.Email.Text() != "ann@example.com" || person.TRN.Digits() != "9912345" ||
		person.First != "Ann" || person.PreviousLast != d.PreviousLastName || person.DateOfBirth != q.DateOfBirth || person.NINO != q.NINO {
		t.Error("the person is not what the query says")
	}
}

func TestNamesOfAnyScriptAndLength(t *testing.T) {
	for _, name := range []string{"A", "美咲", "فاطمة", "O'Brien", "D’Arcy", "Siân Zoë", "Nguyễn-Smith", "김", "A👩‍🏫", "Z" + strings.Repeat("😀", 99)} {
		d := good()
		d.FirstName = name
		if q, problems := d.Check(day(t, "2026-11-22")); len(problems) > 0 || q.FirstName != name {
			t.Errorf("%q: %q, %v", name, q.FirstName, problems)
		}
	}
}

// TestNameNeedsALetter: what shows nothing, or is no letter, is no name; a dot or a dash stands for the part of a name
// that a person does not have.
func TestNameNeedsALetter(t *testing.T) {
	for _, test := range []struct {
		first, last string
		ok          bool
	}{
		{"\u3164", "Example", false}, {"\u2800", "Example", false}, {"\u115f\u1160", "Example", false}, {"\uffa0", "Example", false},
		{"Ann", "\u3164", false}, {"Ann", "\ufffe", false}, {"Ann", "👩‍🏫", false}, {"Ann", "12", false}, {"", "Example", false},
		{"-", "Example", true}, {"Suharto", ".", true}, {"Suharto", "—", true}, {"-", ".", false}, {".", "\u3164", false},
	} {
		d := good()
		d.FirstName, d.LastName = test.first, test.last
		if _, problems := d.Check(day(t, "2026-11-22")); (len(problems) == 0) != test.ok {
			t.Errorf("%q %q: %v", test.first, test.last, problems)
		}
	}
}

func TestCheckNote(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", " \r\n\u200b\r\n ": "", " I taught\u00a0in Kent. ": "I taught in Kent.", "one\r\n two\rthree\n": "one\ntwo\nthree", "\ufffeA\uffff": "A",
	} {
		if got, code := lookup.CheckNote(typed); got != want || code != "" {
			t.Errorf("%q: %q, %s", typed, got, code)
		}
	}
	if _, code := lookup.CheckNote(strings.Repeat("é", 501)); code != lookup.CodeTooLong {
		t.Errorf("501 characters: %q", code)
	}
}
