package lookup_test

import (
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

func day(t testing.TB, iso string) teacher.Date {
	t.Helper()
	date, err := teacher.ParseDate(iso)
	if err != nil {
		t.Fatalf("%s: %v", iso, err)
	}
	return date
}

// dateOfBirth checks a date of birth alone.
func dateOfBirth(typed lookup.TypedDate, today teacher.Date) (teacher.Date, lookup.Problem) {
	d := lookup.Details{DateOfBirth: typed}
	q, problems := d.CheckFields(today, lookup.FieldDateOfBirth)
	if len(problems) > 0 {
		return q.DateOfBirth, problems[0]
	}
	return q.DateOfBirth, lookup.Problem{}
}

func TestCheckDateOfBirth(t *testing.T) {
	const today = "2026-11-22"
	for _, test := range []struct {
		day, month, year string
		want             string // a date, or a message
	}{
		{"31", "1", "1980", "1980-01-31"},
		{"01", "01", "1980", "1980-01-01"},
		{" 1 ", "\u00a01", "1980\u200b", "1980-01-01"},
		{"１", "１２", "１９８０", "1980-12-01"},
		{"1st", "January", "1980", "1980-01-01"},
		{"2ND", "1", "1980", "1980-01-02"},
		{"23 rd", "1", "1980", "1980-01-23"},
		{"31th", "1", "1980", "1980-01-31"},
		{"1", "January", "1980", "1980-01-01"},
		{"1", "jan", "1980", "1980-01-01"},
		{"1", "JAN.", "1980", "1980-01-01"},
		{"1", "Sept", "1980", "1980-09-01"},
		{"1", "sep", "1980", "1980-09-01"},
		{"1", "september", "1980", "1980-09-01"},
		{"1", "May", "1980", "1980-05-01"},
		{"1", "june", "1980", "1980-06-01"},
		{"1", "jul", "1980", "1980-07-01"},
		{"29", "2", "1980", "1980-02-29"},
		{"29", "2", "2000", "2000-02-29"},
		{"1", "1", "1900", "1900-01-01"},
		{"31", "12", "1999", "1999-12-31"},

		{"", "", "", "Enter your date of birth"},
		{" ", "\u3000", "\u200b", "Enter your date of birth"},
		{"", "1", "1980", "Date of birth must include a day"},
		{"", "", "1980", "Date of birth must include a day and month"},
		{"", "1", "", "Date of birth must include a day and year"},
		{"31", "", "", "Date of birth must include a month and year"},
		{"31", "", "1980", "Date of birth must include a month"},
		{"31", "1", "", "Date of birth must include a year"},
		{"31", "1", "80", "Year must include 4 numbers"},
		{"31", "1", "198", "Year must include 4 numbers"},
		{"31", "1", "19800", "Year must include 4 numbers"},
		{"31", "1", "198o", "Year must include 4 numbers"},
		{"31", "1", "-980", "Year must include 4 numbers"},
		{"32", "1", "1980", "Date of birth must be a real date"},
		{"0", "1", "1980", "Date of birth must be a real date"},
		{"-1", "1", "1980", "Date of birth must be a real date"},
		{"1.5", "1", "1980", "Date of birth must be a real date"},
		{"31", "4", "1980", "Date of birth must be a real date"},
		{"30", "2", "1980", "Date of birth must be a real date"},
		{"29", "2", "1981", "Date of birth must be a real date"},
		{"29", "2", "1900", "Date of birth must be a real date"},
		{"1", "0", "1980", "Date of birth must be a real date"},
		{"1", "13", "1980", "Date of birth must be a real date"},
		{"1", "ja", "1980", "Date of birth must be a real date"},
		{"1", "janu ary", "1980", "Date of birth must be a real date"},
		{"1", "januaryy", "1980", "Date of birth must be a real date"},
		{"st", "1", "1980", "Date of birth must be a real date"},
		{"1ist", "1", "1980", "Date of birth must be a real date"},
		{"first", "1", "1980", "Date of birth must be a real date"},
		{"31", "12", "1899", "Date of birth must be a real date"},
		{"1", "1", "0000", "Date of birth must be a real date"},
		{"22", "11", "2026", "Date of birth must be in the past"},
		{"23", "11", "2026", "Date of birth must be in the past"},
		{"1", "1", "9999", "Date of birth must be in the past"},
		{"21", "11", "2026", "You must be 16 or over to use this service"},
		{"23", "11", "2010", "You must be 16 or over to use this service"},
		{"22", "11", "2010", "2010-11-22"},
	} {
		got, problem := dateOfBirth(lookup.TypedDate{Day: test.day, Month: test.month, Year: test.year}, day(t, today))
		text := got.ISO()
		if problem != (lookup.Problem{}) {
			text = catalogue.English.Text(problem.Key())
			if !got.IsZero() || problem.Field != lookup.FieldDateOfBirth {
				t.Errorf("%q: %v and %+v", test, got, problem)
			}
		}
		if text != test.want {
			t.Errorf("%q %q %q: got %q, want %q", test.day, test.month, test.year, text, test.want)
		}
	}
}

// TestSixteenOnALeapDay: who is born on 29 February is 16 on that day 16 years later; the years between are no
// matter, because 16 years on is a leap year again, but for 1900 and 2100.
func TestSixteenOnALeapDay(t *testing.T) {
	leap := lookup.TypedDate{Day: "29", Month: "2", Year: "2012"}
	for today, old := range map[string]bool{"2028-02-28": false, "2028-02-29": true, "2028-03-01": true} {
		if _, problem := dateOfBirth(leap, day(t, today)); (problem == lookup.Problem{}) != old {
			t.Errorf("16 on %s: %v", today, problem)
		}
	}
	leap.Year = "2084" // 16 years later there is no 29 February
	for today, old := range map[string]bool{"2100-02-28": false, "2100-03-01": true} {
		if _, problem := dateOfBirth(leap, day(t, today)); (problem == lookup.Problem{}) != old {
			t.Errorf("16 on %s: %v", today, problem)
		}
	}
}

func TestEveryMonthByEveryName(t *testing.T) {
	names := []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	for i, name := range names {
		for length := 3; length <= len(name); length++ {
			got, problem := dateOfBirth(lookup.TypedDate{Day: "2", Month: name[:length], Year: "1970"}, day(t, "2026-11-22"))
			if got.Month() != i+1 {
				t.Errorf("%s: %s, %v", name[:length], got, problem)
			}
		}
	}
}

func TestDateAsOneText(t *testing.T) {
	wrongForm := lookup.TypedDate{Day: "wrong form"}
	for text, want := range map[string]lookup.TypedDate{
		"":                   {},
		" \u200b":            {},
		"1980-01-31":         {Day: "31", Month: "01", Year: "1980"},
		" 1980-01-31\u00a0":  {Day: "31", Month: "01", Year: "1980"},
		"1980-13-99":         {Day: "99", Month: "13", Year: "1980"},
		"1980-1-31":          wrongForm,
		"31/01/1980":         wrongForm,
		"1980/01/31":         wrongForm,
		"1980-jan-1":         wrongForm,
		"1980-01-31T00":      wrongForm,
		"１９８０-01-31":         wrongForm,
		"1980-01-3é":         wrongForm,
		"19800131":           wrongForm,
		"+980-01-31":         wrongForm,
		"1980-01-31\n1980-0": wrongForm,
	} {
		var d lookup.Details
		problem, ok := d.Set(lookup.FieldDateOfBirth, text)
		if ok == (want == wrongForm) || !ok && problem.Code != lookup.CodeWrongForm || ok && d.DateOfBirth != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, d.DateOfBirth, problem, want)
		}
	}
}
