package web

import (
	"net/url"

	"github.com/a-h/templ"

	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// form is one question's page: what it shows, and what it makes of what was posted.
type form struct {
	title string // catalogue key
	page  func(page.Frame, page.Answers) templ.Component
	// read takes the question's answers from what was posted, as typed.
	read func(url.Values, *page.Answers)
	// check puts the answers into the journey, or says what is wrong with them.
	check func(a page.Answers, today teacher.Date, j *journey.Journey) []lookup.FieldError
}

var forms = [...]form{
	journey.Email: {"email.title", page.Email,
		func(posted url.Values, a *page.Answers) { a.Email = posted.Get("email") },
		func(a page.Answers, _ teacher.Date, j *journey.Journey) []lookup.FieldError {
			email, err := lookup.CheckEmail(a.Email)
			j.Answers.Email = email.Typed()
			return problems(err)
		}},
	journey.Name: {"name.title", page.Name, readName, checkName},
	journey.DateOfBirth: {"dateOfBirth.title", page.DateOfBirth,
		func(posted url.Values, a *page.Answers) {
			a.DateOfBirth = lookup.TypedDate{Day: posted.Get("dateOfBirth-day"),
				Month: posted.Get("dateOfBirth-month"), Year: posted.Get("dateOfBirth-year")}
		},
		checkDateOfBirth},
	journey.NINO: {"nino.title", page.NINO,
		func(posted url.Values, a *page.Answers) { a.NINO = posted.Get("nationalInsuranceNumber") },
		func(a page.Answers, _ teacher.Date, j *journey.Journey) []lookup.FieldError {
			nino, err := lookup.CheckNINO(a.NINO)
			j.Answers.NINO = journey.TypedNINO(teacher.CleanText(a.NINO), nino.Normalised())
			return problems(err)
		}},
	journey.TrainingProvider: {"provider.title", page.TrainingProvider,
		func(posted url.Values, a *page.Answers) { a.Details.TrainingProvider = posted.Get("trainingProvider") },
		func(a page.Answers, _ teacher.Date, j *journey.Journey) []lookup.FieldError {
			provider, err := lookup.CheckTrainingProvider(a.Details.TrainingProvider)
			j.Answers.TrainingProvider = provider
			return problems(err)
		}},
}

func problems(errs ...*lookup.FieldError) []lookup.FieldError {
	var found []lookup.FieldError
	for _, err := range errs {
		if err != nil {
			found = append(found, *err)
		}
	}
	return found
}

const (
	yes = "yes"
	no  = "no"
)

func readName(posted url.Values, a *page.Answers) {
	a.FirstName, a.LastName = posted.Get("firstName"), posted.Get("lastName")
	a.PreviousFirstName, a.PreviousLastName = posted.Get("previousFirstName"), posted.Get("previousLastName")
	a.NameChanged = posted.Get("nameChanged")
	// A person who gives a previous name has changed it, whether or not they say so.
	if a.NameChanged != yes && a.NameChanged != no && a.PreviousFirstName+a.PreviousLastName != "" {
		a.NameChanged = yes
	}
}

func checkName(a page.Answers, _ teacher.Date, j *journey.Journey) []lookup.FieldError {
	if a.NameChanged != yes {
		a.PreviousFirstName, a.PreviousLastName = "", ""
	}
	var errs [4]*lookup.FieldError
	j.Answers.FirstName, errs[0] = lookup.CheckName(lookup.FieldFirstName, a.FirstName, true)
	j.Answers.LastName, errs[1] = lookup.CheckName(lookup.FieldLastName, a.LastName, true)
	j.Answers.PreviousFirstName, errs[2] = lookup.CheckName(lookup.FieldPreviousFirstName, a.PreviousFirstName, false)
	j.Answers.PreviousLastName, errs[3] = lookup.CheckName(lookup.FieldPreviousLastName, a.PreviousLastName, false)
	j.NameChanged = a.NameChanged == yes
	return problems(errs[:]...)
}

func checkDateOfBirth(a page.Answers, today teacher.Date, j *journey.Journey) []lookup.FieldError {
	date, err := lookup.CheckDateOfBirth(a.DateOfBirth, today)
	if err != nil {
		return problems(err)
	}
	typed := lookup.TypedDate{Day: teacher.CleanText(a.DateOfBirth.Day), Month: teacher.CleanText(a.DateOfBirth.Month),
		Year: teacher.CleanText(a.DateOfBirth.Year)}
	j.Answers.DateOfBirth = journey.TypedDate(typed, lookup.ISODate(date.ISO()))
	return nil
}
