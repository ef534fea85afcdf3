package lookup

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"losttrn/internal/teacher"
)

// checkDateOfBirth checks a date of birth, which is required: a real date of 1900 or later, in the past, of a person
// who is 16 or over today. Of several problems it returns the code of the one to correct first; all missing parts are
// one problem.
func checkDateOfBirth(typed TypedDate, today teacher.Date) (teacher.Date, string) {
	day, month, year := cleanDay(typed.Day), cleanNumber(typed.Month), cleanNumber(typed.Year)
	switch {
	case day == "" && month == "" && year == "":
		return teacher.Date{}, CodeMissing
	case day == "" || month == "" || year == "":
		return teacher.Date{}, missingCode(day, month, year)
	case len(year) != 4 || !allDigits(year):
		return teacher.Date{}, CodeYear
	}
	date, err := teacher.NewDate(number(year), monthNumber(month), number(day))
	switch {
	case err != nil || date.Year() < earliestYear:
		return teacher.Date{}, CodeNotReal
	case !today.After(date):
		return teacher.Date{}, CodeInFuture
	case date.AddYears(minimumAge).After(today):
		return teacher.Date{}, CodeTooYoung
	}
	return date, ""
}

// missingCode returns the code of a date of which some parts are blank, such as "missing_day_year".
func missingCode(parts ...string) string {
	code := CodeMissing
	for i, part := range parts {
		if part == "" {
			code += "_" + dateParts[i]
		}
	}
	return code
}

// Date returns the date that was typed, or the zero Date if it is none.
func (d TypedDate) Date() teacher.Date {
	date, code := checkDateOfBirth(d, lastDay)
	if code != "" {
		return teacher.Date{}
	}
	return date
}

// parseISODate splits a date of the form YYYY-MM-DD as if it had been typed into three fields; blank is blank. The
// boolean is false for any other form.
func parseISODate(s string) (TypedDate, bool) {
	s = teacher.CleanText(s)
	if s == "" {
		return TypedDate{}, true
	}
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]+s[5:7]+s[8:]) {
		return TypedDate{}, false
	}
	return TypedDate{Day: s[8:], Month: s[5:7], Year: s[:4]}, true
}

func cleanNumber(s string) string { return norm.NFKC.String(teacher.CleanText(s)) }

// cleanDay drops the ending of an ordinal: 1st, 2nd, 3rd, 4th.
func cleanDay(s string) string {
	s = strings.ToLower(cleanNumber(s))
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if digits, ok := strings.CutSuffix(s, ending); ok && allDigits(strings.TrimSpace(digits)) {
			return strings.TrimSpace(digits)
		}
	}
	return s
}
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
