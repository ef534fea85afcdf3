package lookup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Problem is a fault of a field. Its text is in the catalogue under "error.<Field>.<Code>".
type Problem struct {
	Field Field
	Code  string
}

// Key returns the catalogue key of the message.
func (p Problem) Key() string { return "error." + string(p.Field) + "." + p.Code }

// Inputs returns the names of the form's inputs that have to be corrected, in order.
func (p Problem) Inputs() []string {
	inputs := p.Field.Inputs()
	lacking, ok := missingParts[p.Code]
	if !ok || len(inputs) < len(dateParts) {
		return inputs
	}
	var lack []string
	for _, part := range lacking {
		lack = append(lack, inputs[part])
	}
	return lack
}

// The codes of problems.
const (
	CodeMissing   = "missing"
	CodeInvalid   = "invalid"
	CodeTooLong   = "too_long"
	CodeWrongForm = "wrong_form" // a date in one text that is not YYYY-MM-DD
	CodeYear      = "year_digits"
	CodeNotReal   = "not_real" // also a year before 1900
	CodeInFuture  = "in_future"
	CodeTooYoung  = "too_young"
)

// Parts of a date, as indexes of dateParts.
const (
	partDay = iota
	partMonth
	partYear
)

// missingParts maps the codes of an incomplete date to its missing parts.
var missingParts = map[string][]int{
	"missing_day":        {partDay},
	"missing_month":      {partMonth},
	"missing_year":       {partYear},
	"missing_day_month":  {partDay, partMonth},
	"missing_day_year":   {partDay, partYear},
	"missing_month_year": {partMonth, partYear},
	CodeYear:             {partYear},
}

const (
	maxNameLength     = 100 // characters
	maxProviderLength = 200 // characters
	maxTypedNINO      = 40  // bytes
	maxTypedDatePart  = 16  // bytes
	earliestYear      = 1900
	minimumAge        = 16
)

// checkEmail checks an email address, which is required.
func checkEmail(typed string) (teacher.Email, string) {
	if teacher.CleanText(typed) == "" {
		return teacher.Email{}, CodeMissing
	}
	email, err := teacher.ParseEmail(typed)
	if err != nil {
		return teacher.Email{}, CodeInvalid
	}
	return email, ""
}

// checkName checks one part of a name: any script, at most 100 characters, and a letter that comparison keeps. A
// person of one name types a dot or a dash for the part that they do not have; beside is the other part.
func checkName(typed, beside string, required bool) (string, string) {
	name := teacher.CleanText(typed)
	switch {
	case utf8.RuneCountInString(name) > maxNameLength:
		return "", CodeTooLong
	case hasLetter(name), standsForNothing(name) && hasLetter(beside):
		return name, ""
	case required:
		return "", CodeMissing
	}
	return "", ""
}

// hasLetter reports whether a name has a letter that comparison keeps. Fillers, which are letters in Unicode but
// invisible, do not count.
func hasLetter(name string) bool {
	return strings.ContainsFunc(matching.Fold(name), func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	})
}

// standsForNothing reports whether a text is made of dots and dashes only.
func standsForNothing(name string) bool {
	return name != "" && strings.Trim(name, ".-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7 ") == ""
}

// checkNINO checks a National Insurance number; blank is none.
func checkNINO(typed string) (teacher.NINO, string) {
	if teacher.CleanText(typed) == "" {
		return teacher.NINO{}, ""
	}
	nino, err := teacher.ParseNINO(typed)
	if err != nil {
		return teacher.NINO{}, CodeInvalid
	}
	return nino, ""
}

// checkTRN checks an offered TRN; blank is none.
func checkTRN(typed string) (teacher.TRN, string) {
	if teacher.CleanText(typed) == "" {
		return teacher.TRN{}, ""
	}
	trn, err := teacher.ParseTRN(typed)
	if err != nil {
		return teacher.TRN{}, CodeInvalid
	}
	return trn, ""
}

// checkTrainingProvider checks a provider's name or UKPRN; blank is none.
func checkTrainingProvider(typed string) (string, string) {
	provider := teacher.CleanText(typed)
	if utf8.RuneCountInString(provider) > maxProviderLength {
		return "", CodeTooLong
	}
	return provider, ""
}

// MaxNoteLength is how long a note to the helpdesk may be, in characters.
const MaxNoteLength = 500

// FieldNote names the note of a request to the helpdesk. It is not a field of a lookup.
const FieldNote Field = "note"

// CheckNote checks a note to the helpdesk, which may be blank. It returns the note without invisible characters, its
// lines kept, or the code of its problem.
func CheckNote(typed string) (string, string) {
	typed = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(typed)
	lines := strings.Split(typed, "\n")
	for i, line := range lines {
		lines[i] = teacher.CleanText(line)
	}
	note := strings.Trim(strings.Join(lines, "\n"), "\n")
	if utf8.RuneCountInString(note) > MaxNoteLength {
		return "", CodeTooLong
	}
	return note, ""
}
