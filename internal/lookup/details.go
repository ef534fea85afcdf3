package lookup

import (
	"strings"
	"unicode/utf8"

	"losttrn/internal/teacher"
)

// Field names a field as the JSON API does.
type Field string

// The fields that a person can give.
const (
	FieldEmail             Field = "email"
	FieldFirstName         Field = "firstName"
	FieldMiddleName        Field = "middleName"
	FieldLastName          Field = "lastName"
	FieldPreviousFirstName Field = "previousFirstName"
	FieldPreviousLastName  Field = "previousLastName"
	FieldDateOfBirth       Field = "dateOfBirth"
	FieldNINO              Field = "nationalInsuranceNumber"
	FieldTRN               Field = "trn"
	FieldTrainingProvider  Field = "trainingProvider"
)

// FieldError says what is wrong with a field: its text in a language is catalogue's "error.<Field>.<Code>".
type FieldError struct {
	Field Field
	Code  string
}

// Key is the catalogue key of the message.
func (e FieldError) Key() string { return "error." + string(e.Field) + "." + e.Code }

// The codes of field errors.
const (
	CodeMissing      = "missing"
	CodeInvalid      = "invalid"
	CodeTooLong      = "too_long"
	CodeMissingDay   = "missing_day"
	CodeMissingMonth = "missing_month"
	CodeMissingYear  = "missing_year"
	CodeNotReal      = "not_real" // also a year before 1900
	CodeInFuture     = "in_future"
	CodeTooYoung     = "too_young"
)

// Details are what a person gave, as typed. Blank means not given.
type Details struct {
	Email, FirstName, MiddleName, LastName, PreviousFirstName, PreviousLastName string
	DateOfBirth                                                                 TypedDate
	NINO, TRN, TrainingProvider                                                 string
}

// TypedDate is a date as typed into three fields; the month may be a number or an English name, short or long.
type TypedDate struct{ Day, Month, Year string }

// Query is what a person gave after checking: what is required is there, and everything is well formed.
type Query struct {
	Email                                                                teacher.Email
	FirstName, MiddleName, LastName, PreviousFirstName, PreviousLastName string
	DateOfBirth                                                          teacher.Date
	NINO                                                                 teacher.NINO
	TRN                                                                  teacher.TRN
	TrainingProvider                                                     string
}

const (
	maxNameLength     = 100 // characters
	maxProviderLength = 200 // characters
	earliestYear      = 1900
	minimumAge        = 16
)

// Check gives the query, or everything that is wrong with the details, in the order of the fields. Today is the
// day in Europe/London.
func (d Details) Check(today teacher.Date) (Query, []FieldError) {
	var q Query
	var errs []FieldError
	note := func(err *FieldError) {
		if err != nil {
			errs = append(errs, *err)
		}
	}
	var err *FieldError
	q.Email, err = CheckEmail(d.Email)
	note(err)
	for _, name := range []struct {
		field    Field
		typed    string
		into     *string
		required bool
	}{
		{FieldFirstName, d.FirstName, &q.FirstName, true},
		{FieldMiddleName, d.MiddleName, &q.MiddleName, false},
		{FieldLastName, d.LastName, &q.LastName, true},
		{FieldPreviousFirstName, d.PreviousFirstName, &q.PreviousFirstName, false},
		{FieldPreviousLastName, d.PreviousLastName, &q.PreviousLastName, false},
	} {
		*name.into, err = CheckName(name.field, name.typed, name.required)
		note(err)
	}
	q.DateOfBirth, err = CheckDateOfBirth(d.DateOfBirth, today)
	note(err)
	q.NINO, err = CheckNINO(d.NINO)
	note(err)
	q.TRN, err = CheckTRN(d.TRN)
	note(err)
	q.TrainingProvider, err = CheckTrainingProvider(d.TrainingProvider)
	note(err)
	if len(errs) > 0 {
		return Query{}, errs
	}
	return q, nil
}

// CheckEmail checks an email address, which is required.
func CheckEmail(typed string) (teacher.Email, *FieldError) {
	if teacher.CleanText(typed) == "" {
		return teacher.Email{}, &FieldError{FieldEmail, CodeMissing}
	}
	email, err := teacher.ParseEmail(typed)
	if err != nil {
		return teacher.Email{}, &FieldError{FieldEmail, CodeInvalid}
	}
	return email, nil
}

// CheckName checks one part of a name: any script, at most 100 characters.
func CheckName(field Field, typed string, required bool) (string, *FieldError) {
	name := teacher.CleanText(typed)
	switch {
	case name == "" && required:
		return "", &FieldError{field, CodeMissing}
	case utf8.RuneCountInString(name) > maxNameLength:
		return "", &FieldError{field, CodeTooLong}
	}
	return name, nil
}

// CheckNINO checks a National Insurance number; blank is none.
func CheckNINO(typed string) (teacher.NINO, *FieldError) {
	if teacher.CleanText(typed) == "" {
		return teacher.NINO{}, nil
	}
	nino, err := teacher.ParseNINO(typed)
	if err != nil {
		return teacher.NINO{}, &FieldError{FieldNINO, CodeInvalid}
	}
	return nino, nil
}

// CheckTRN checks an offered TRN; blank is none.
func CheckTRN(typed string) (teacher.TRN, *FieldError) {
	if teacher.CleanText(typed) == "" {
		return teacher.TRN{}, nil
	}
	trn, err := teacher.ParseTRN(typed)
	if err != nil {
		return teacher.TRN{}, &FieldError{FieldTRN, CodeInvalid}
	}
	return trn, nil
}

// CheckTrainingProvider checks a provider's name or UKPRN; blank is none.
func CheckTrainingProvider(typed string) (string, *FieldError) {
	provider := teacher.CleanText(typed)
	if utf8.RuneCountInString(provider) > maxProviderLength {
		return "", &FieldError{FieldTrainingProvider, CodeTooLong}
	}
	return provider, nil
}

// FullName is the name as the person typed it, first and last.
func (q Query) FullName() string { return strings.TrimSpace(q.FirstName + " " + q.LastName) }
