package lookup

import (
	"slices"
	"strings"

	"losttrn/internal/fault"
	"losttrn/internal/matching"
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

// Details are the fields that a person gave, as typed. Blank means not given.
type Details struct {
	Email, FirstName, MiddleName, LastName, PreviousFirstName, PreviousLastName string
	DateOfBirth                                                                 TypedDate
	NINO, TRN, TrainingProvider                                                 string
}

// TypedDate is a date as typed into three fields; the month may be a number or an English name, short or long.
type TypedDate struct{ Day, Month, Year string }

// Query holds the fields that a person gave, checked: required ones are present, and all are well formed.
type Query struct {
	Email                                                                teacher.Email
	FirstName, MiddleName, LastName, PreviousFirstName, PreviousLastName string
	DateOfBirth                                                          teacher.Date
	NINO                                                                 teacher.NINO
	TRN                                                                  teacher.TRN
	TrainingProvider                                                     string
}

// Person returns the query as the evidence that matching compares.
func (q Query) Person() matching.Person {
	return matching.Person{
		First: q.FirstName, Middle: q.MiddleName, Last: q.LastName,
		PreviousFirst: q.PreviousFirstName, PreviousLast: q.PreviousLastName,
		DateOfBirth: q.DateOfBirth, NINO: q.NINO, Email: q.Email.Key(), TRN: q.TRN,
		Provider: teacher.ParseProvider(q.TrainingProvider),
	}
}

// field describes one field of a lookup. All code that treats every field reads the table of fields: the API's members,
// the form's inputs, the cookie, the early match, the lookup's id, and the request to the helpdesk. So a field in the
// table cannot be forgotten in one of these places.
type field struct {
	name     Field
	required bool
	// inForm means that the web form asks for it; other fields are for the API only.
	inForm bool
	// longest is how many bytes are kept as typed; a longer text is kept in its normalised form. Only fields in which
	// the typed text can be much longer than its content have a limit.
	longest int
	// typed are the texts that it is typed into: one, but for a date of three.
	typed func(*Details) []*string
	// check puts the typed texts into the query, or returns the code of their problem.
	check func(d Details, today teacher.Date, q *Query) string
	// text returns the query's value, normalised, "" for none.
	text func(Query) string
	// identity returns the value that makes two lookups the same one, if that is not text.
	identity func(Query) string
}

// fields is the table, in the order of the API's document and of the lookup id. The order must not change, because the
// same request would then be another lookup.
var fields = []field{
	{name: FieldEmail, required: true, inForm: true, longest: teacher.MaxEmailLength,
		typed: func(d *Details) []*string { return []*string{&d.Email} },
		check: func(d Details, _ teacher.Date, q *Query) (code string) {
			q.Email, code = checkEmail(d.Email)
			return code
		},
		text:     func(q Query) string { return q.Email.Typed() },
		identity: func(q Query) string { return q.Email.Key().Text() }},
	nameField(FieldFirstName, true, true,
		func(d *Details) *string { return &d.FirstName }, func(q *Query) *string { return &q.FirstName },
		func(d Details) string { return d.LastName }),
	nameField(FieldMiddleName, false, false,
		func(d *Details) *string { return &d.MiddleName }, func(q *Query) *string { return &q.MiddleName }, nil),
	nameField(FieldLastName, true, true,
		func(d *Details) *string { return &d.LastName }, func(q *Query) *string { return &q.LastName },
		func(d Details) string { return d.FirstName }),
	nameField(FieldPreviousFirstName, false, true,
		func(d *Details) *string { return &d.PreviousFirstName }, func(q *Query) *string { return &q.PreviousFirstName }, nil),
	nameField(FieldPreviousLastName, false, true,
		func(d *Details) *string { return &d.PreviousLastName }, func(q *Query) *string { return &q.PreviousLastName }, nil),
	{name: FieldDateOfBirth, required: true, inForm: true, longest: maxTypedDatePart,
		typed: func(d *Details) []*string {
			return []*string{&d.DateOfBirth.Day, &d.DateOfBirth.Month, &d.DateOfBirth.Year}
		},
		check: func(d Details, today teacher.Date, q *Query) (code string) {
			q.DateOfBirth, code = checkDateOfBirth(d.DateOfBirth, today)
			return code
		},
		text: func(q Query) string { return q.DateOfBirth.ISO() }},
	{name: FieldNINO, inForm: true, longest: maxTypedNINO,
		typed: func(d *Details) []*string { return []*string{&d.NINO} },
		check: func(d Details, _ teacher.Date, q *Query) (code string) {
			q.NINO, code = checkNINO(d.NINO)
			return code
		},
		text: func(q Query) string { return q.NINO.Normalised() }},
	{name: FieldTRN, longest: maxTypedNINO,
		typed: func(d *Details) []*string { return []*string{&d.TRN} },
		check: func(d Details, _ teacher.Date, q *Query) (code string) {
			q.TRN, code = checkTRN(d.TRN)
			return code
		},
		text: func(q Query) string { return q.TRN.Digits() }},
	{name: FieldTrainingProvider, inForm: true, longest: 4 * maxProviderLength,
		typed: func(d *Details) []*string { return []*string{&d.TrainingProvider} },
		check: func(d Details, _ teacher.Date, q *Query) (code string) {
			q.TrainingProvider, code = checkTrainingProvider(d.TrainingProvider)
			return code
		},
		text: func(q Query) string { return q.TrainingProvider }},
}

// nameField returns the row of one part of a name. other is the other part, if a person may have only one of the two.
func nameField(name Field, required, inForm bool, typed func(*Details) *string, into func(*Query) *string, other func(Details) string) field {
	return field{name: name, required: required, inForm: inForm, longest: 4 * maxNameLength,
		typed: func(d *Details) []*string { return []*string{typed(d)} },
		check: func(d Details, _ teacher.Date, q *Query) (code string) {
			beside := ""
			if other != nil {
				beside = other(d)
			}
			*into(q), code = checkName(*typed(&d), beside, required)
			return code
		},
		text: func(q Query) string { return *into(&q) }}
}

// Fields returns every field of a lookup, in the order of the API's document.
func Fields() []Field {
	names := make([]Field, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

// row returns a field's row of the table, and whether there is such a field.
func (f Field) row() (field, bool) {
	i := slices.IndexFunc(fields, func(row field) bool { return row.name == f })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// Known reports whether there is such a field.
func (f Field) Known() bool { _, ok := f.row(); return ok }

// Required reports whether a lookup needs the field.
func (f Field) Required() bool { row, _ := f.row(); return row.required }

// InForm reports whether the web form asks for the field; the others are for the API only.
func (f Field) InForm() bool { row, _ := f.row(); return row.inForm }

// dateParts are the parts that a date is typed in, in the order of TypedDate.
var dateParts = []string{"day", "month", "year"}

// Inputs returns the names of the form's inputs for a field, in the order of Typed: its own name, or for a date
// one for each of its parts, such as "dateOfBirth-day".
func (f Field) Inputs() []string {
	if f != FieldDateOfBirth {
		return []string{string(f)}
	}
	names := make([]string, len(dateParts))
	for i, part := range dateParts {
		names[i] = string(f) + "-" + part
	}
	return names
}

// Typed returns the texts of the details that a field is typed into: one, but for a date of three.
func (d *Details) Typed(f Field) []*string {
	row, ok := f.row()
	if !ok {
		return nil
	}
	return row.typed(d)
}

// Set sets a field from one text; a date as YYYY-MM-DD. It returns the problem of a date of another form, which is
// then left as it was, and false.
func (d *Details) Set(f Field, text string) (Problem, bool) {
	if f == FieldDateOfBirth {
		date, ok := parseISODate(text)
		if !ok {
			return Problem{f, CodeWrongForm}, false
		}
		d.DateOfBirth = date
		return Problem{}, true
	}
	for _, typed := range d.Typed(f) {
		*typed = text
	}
	return Problem{}, true
}

// Check returns the query, or every problem that the details have, in the order of the fields. Today is the day in
// Europe/London.
func (d Details) Check(today teacher.Date) (Query, []Problem) {
	q, problems := d.CheckFields(today, Fields()...)
	if len(problems) > 0 {
		return Query{}, problems
	}
	return q, nil
}

// CheckFields checks some fields only. It returns a query of the fields without a problem, and the problems of the
// others. The form uses it while it has not asked for all fields yet.
func (d Details) CheckFields(today teacher.Date, names ...Field) (Query, []Problem) {
	var q Query
	var problems []Problem
	for _, row := range fields {
		if !slices.Contains(names, row.name) {
			continue
		}
		if code := row.check(d, today, &q); code != "" {
			problems = append(problems, Problem{row.name, code})
		}
	}
	return q, problems
}

// Tidy cleans a field that has passed its check: it removes invisible characters and surrounding space, and replaces a
// text that is too long by its normalised form.
func (d *Details) Tidy(f Field, q Query) {
	row, ok := f.row()
	if !ok {
		return
	}
	if f == FieldEmail { // has spaces inside that are dropped, not kept
		d.Email = q.Email.Typed()
		return
	}
	long := false
	for _, typed := range row.typed(d) {
		*typed = teacher.CleanText(*typed)
		long = long || len(*typed) > row.longest
	}
	if long {
		d.Set(f, row.text(q))
	}
}

// Text returns a field of the query, normalised, "" if it was not given. The email address is as it was typed.
func (q Query) Text(f Field) string {
	row, ok := f.row()
	if !ok {
		return ""
	}
	return row.text(q)
}

// identity returns the text by which two queries are the same one.
func (q Query) identity() []string {
	texts := make([]string, len(fields))
	for i, row := range fields {
		texts[i] = row.text(q)
		if row.identity != nil {
			texts[i] = row.identity(q)
		}
	}
	return texts
}

// SameAs reports whether two queries give the same details, however they were spelled.
func (q Query) SameAs(other Query) bool { return slices.Equal(q.identity(), other.identity()) }

// RestoreQuery returns the query that was stored as these texts. A text that no longer passes its check is left out. It
// returns an error that wraps fault.Invalid if no email address is left.
func RestoreQuery(text func(Field) string) (Query, error) {
	var d Details
	for _, f := range Fields() {
		d.Set(f, text(f))
	}
	// A person who was old enough when the details were stored is old enough on any later day.
	q, _ := d.CheckFields(lastDay, Fields()...)
	if q.Email.IsZero() {
		return Query{}, fault.New(fault.Invalid, "kept_without_email")
	}
	return q, nil
}

// lastDay is later than any day on which details are stored.
var lastDay = func() teacher.Date {
	day, err := teacher.NewDate(9999, 12, 31)
	if err != nil {
		panic(err) // impossible: the date is real
	}
	return day
}()

// FullName returns the name as the person typed it, first and last.
func (q Query) FullName() string { return strings.TrimSpace(q.FirstName + " " + q.LastName) }
