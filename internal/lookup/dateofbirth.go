package lookup

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"losttrn/internal/teacher"
)

// CheckDateOfBirth checks a date of birth, which is required: a real date of 1900 or later, in the past, of a
// person who is 16 or over today. Of several faults it names the one to mend first.
func CheckDateOfBirth(typed TypedDate, today teacher.Date) (teacher.Date, *FieldError) {
	fail := func(code string) (teacher.Date, *FieldError) {
		return teacher.Date{}, &FieldError{FieldDateOfBirth, code}
	}
	day, month, year := cleanNumber(typed.Day), cleanNumber(typed.Month), cleanNumber(typed.Year)
	switch {
	case day == "" && month == "" && year == "":
		return fail(CodeMissing)
	case day == "":
		return fail(CodeMissingDay)
	case month == "":
		return fail(CodeMissingMonth)
	case len(year) != 4 || !allDigits(year):
		return fail(CodeMissingYear)
	}
	date, err := teacher.NewDate(number(year), monthNumber(month), number(day))
	switch {
	case err != nil || date.Year() < earliestYear:
		return fail(CodeNotReal)
	case !today.After(date):
		return fail(CodeInFuture)
	case date.AddYears(minimumAge).After(today):
		return fail(CodeTooYoung)
	}
	return date, nil
}

// ISODate splits a date of the form YYYY-MM-DD as if it had been typed into three fields. A text of another
// form gives a date that is not real.
func ISODate(s string) TypedDate {
	s = teacher.CleanText(s)
	if s == "" {
		return TypedDate{}
	}
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]+s[5:7]+s[8:]) {
		return TypedDate{Day: "0", Month: "0", Year: "0000"}
	}
	return TypedDate{Day: s[8:], Month: s[5:7], Year: s[:4]}
}

func cleanNumber(s string) string { return norm.NFKC.String(teacher.CleanText(s)) }

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number reads one to four digits; anything else is 0, which no part of a date can be.
func number(s string) int {
	if !allDigits(s) || len(s) > 4 {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

var months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september",
	"october", "november", "december"}

// monthNumber reads a month's number, name, or an abbreviation of three or more letters; anything else is 0.
func monthNumber(s string) int {
	s = strings.ToLower(strings.TrimSuffix(s, "."))
	for i, name := range months {
		if len(s) >= 3 && strings.HasPrefix(name, s) {
			return i + 1
		}
	}
	return number(s)
}
