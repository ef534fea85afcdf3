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

// form describes one question's page: its content, the fields that it asks for, and their rows among the answers to
// check.
type form struct {
	name   string // in figures
	title  string // catalogue key
	page   func(*exchange, page.Frame, page.Answers) templ.Component
	fields []lookup.Field
	checks []check
}

// check is a row of the answers to check.
type check struct {
	key               string // its catalogue keys are check.<key> and check.<key>.change
	value             func(*exchange, journey.Journey) string
	isAddress, isName bool
}

// plain adapts the template of a page that depends on its frame and answers alone.
func plain(render func(page.Frame, page.Answers) templ.Component) func(*exchange, page.Frame, page.Answers) templ.Component {
	return func(_ *exchange, f page.Frame, a page.Answers) templ.Component { return render(f, a) }
}

// typed returns a function that returns an answer as it was typed.
func typed(answer func(lookup.Details) string) func(*exchange, journey.Journey) string {
	return func(_ *exchange, j journey.Journey) string { return answer(j.Answers) }
}

var forms = [...]form{
	journey.Email: {"email", "email.title", plain(page.Email), []lookup.Field{lookup.FieldEmail}, []check{
		{key: "email", value: typed(func(d lookup.Details) string { return d.Email }), isAddress: true}}},
	journey.Name: {"name", "name.title", plain(page.Name), []lookup.Field{lookup.FieldFirstName, lookup.FieldLastName,
		lookup.FieldPreviousFirstName, lookup.FieldPreviousLastName}, []check{
		{key: "name", value: typed(func(d lookup.Details) string { return d.FirstName + " " + d.LastName }), isName: true},
		{key: "previousName", value: (*exchange).previousName, isName: true}}},
	journey.DateOfBirth: {"date-of-birth", "dateOfBirth.title", plain(page.DateOfBirth), []lookup.Field{lookup.FieldDateOfBirth}, []check{
		{key: "dateOfBirth", value: func(x *exchange, j journey.Journey) string { return x.longDate(j.Answers.DateOfBirth) }}}},
	journey.NINO: {"national-insurance-number", "nino.title", plain(page.NINO), []lookup.Field{lookup.FieldNINO}, []check{
		{key: "nino", value: typed(func(d lookup.Details) string { return d.NINO })}}},
	journey.TrainingProvider: {"training-provider", "provider.title", trainingProvider, []lookup.Field{lookup.FieldTrainingProvider}, []check{
		{key: "provider", value: typed(func(d lookup.Details) string { return d.TrainingProvider })}}},
}

// trainingProvider returns the page of the training provider, with suggestions if the names can be read.
func trainingProvider(x *exchange, f page.Frame, a page.Answers) templ.Component {
	address := ""
	if list := x.suggestions.current(x.r.Context(), x.log); len(list.names) > 0 {
		address = list.path
	}
	return page.TrainingProvider(f, a, address)
}

// questionOf returns the question that asks for a field, or the first question if none does.
func questionOf(field lookup.Field) journey.Question {
	for question, form := range forms {
		if slices.Contains(form.fields, field) {
			return journey.Question(question)
		}
	}
	return journey.Email
}

// isQuestion reports whether a question is asked at a path.
func isQuestion(path string) bool {
	for question := range forms {
		if journey.Question(question).Path() == path {
			return true
		}
	}
	return false
}

// nameChanges are the values of the radios of "Have you ever changed your name?".
var nameChanges = map[journey.NameChange]string{journey.NameChangeUnanswered: "", journey.NameChanged: page.Yes,
	journey.NameNotChanged: page.No, journey.NameChangeNotSaid: page.NotToSay}

// nameChange returns the answer of a radio's value; any other value is no answer.
func nameChange(value string) journey.NameChange {
	for change, of := range nameChanges {
		if of == value {
			return change
		}
	}
	return journey.NameChangeUnanswered
}

// read takes the question's answers from what was posted, as typed.
func (f form) read(posted url.Values) page.Answers {
	var a page.Answers
	for _, field := range f.fields {
		for i, typed := range a.Typed(field) {
			*typed = posted.Get(field.Inputs()[i])
		}
	}
	a.NameChanged = nameChanges[nameChange(posted.Get("nameChanged"))]
	// A person who gives a previous name has changed it, whether or not they say so.
	if a.NameChanged == "" && a.PreviousFirstName+a.PreviousLastName != "" {
		a.NameChanged = page.Yes
	}
	if posted.Has("without") {
		a.NINO = ""
	}
	return a
}

// check puts the answers into the journey, or returns their problems.
func (f form) check(a page.Answers, today teacher.Date, j *journey.Journey) []lookup.Problem {
	if slices.Contains(f.fields, lookup.FieldPreviousLastName) {
		if a.NameChanged != page.Yes {
			a.PreviousFirstName, a.PreviousLastName = "", ""
		}
		j.NameChange = nameChange(a.NameChanged)
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
