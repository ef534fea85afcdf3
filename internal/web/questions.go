package web

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// form is one question's page: what it shows, and the fields that it asks for.
type form struct {
	title  string // catalogue key
	page   func(page.Frame, page.Answers) templ.Component
	fields []lookup.Field
}

var forms = [...]form{
	journey.Email: {"email.title", page.Email, []lookup.Field{lookup.FieldEmail}},
	journey.Name: {"name.title", page.Name, []lookup.Field{lookup.FieldFirstName, lookup.FieldLastName,
		lookup.FieldPreviousFirstName, lookup.FieldPreviousLastName}},
	journey.DateOfBirth:      {"dateOfBirth.title", page.DateOfBirth, []lookup.Field{lookup.FieldDateOfBirth}},
	journey.NINO:             {"nino.title", page.NINO, []lookup.Field{lookup.FieldNINO}},
	journey.TrainingProvider: {"provider.title", page.TrainingProvider, []lookup.Field{lookup.FieldTrainingProvider}},
}

// questionOf returns the question that asks for a field; a field that no question asks for is of the first.
func questionOf(field lookup.Field) journey.Question {
	for question, form := range forms {
		if slices.Contains(form.fields, field) {
			return journey.Question(question)
		}
	}
	return journey.Email
}

const (
	yes = "yes"
	no  = "no"
)

// read takes the question's answers from what was posted, as typed.
func (f form) read(posted url.Values) page.Answers {
	var a page.Answers
	for _, field := range f.fields {
		for i, typed := range a.Typed(field) {
			*typed = posted.Get(field.Inputs()[i])
		}
	}
	a.NameChanged = posted.Get("nameChanged")
	// A person who gives a previous name has changed it, whether or not they say so.
	if a.NameChanged != yes && a.NameChanged != no && a.PreviousFirstName+a.PreviousLastName != "" {
		a.NameChanged = yes
	}
	return a
}

// check puts the answers into the journey, or returns their problems.
func (f form) check(a page.Answers, today teacher.Date, j *journey.Journey) []lookup.Problem {
	if slices.Contains(f.fields, lookup.FieldPreviousLastName) {
		if a.NameChanged != yes {
			a.PreviousFirstName, a.PreviousLastName = "", ""
		}
		j.NameChanged = a.NameChanged == yes
	}
	query, problems := a.CheckFields(today, f.fields...)
	if len(problems) > 0 {
		return problems
	}
	for _, field := range f.fields {
		a.Tidy(field, query)
		for i, typed := range a.Typed(field) {
			*j.Answers.Typed(field)[i] = *typed
		}
	}
	return nil
}
