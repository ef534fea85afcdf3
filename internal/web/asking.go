package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// ask shows a question's page, with the answer if it has one.
func (v *visit) ask(q journey.Question, f form) {
	j, ok := v.journey()
	switch {
	case !ok:
	case !j.MayAsk(q):
		v.goOn(j)
	default:
		answers := page.Answers{Details: j.Answers}
		if j.Answered(journey.Name) {
			answers.NameChanged = no
			if j.NameChanged {
				answers.NameChanged = yes
			}
		}
		v.render(http.StatusOK, f.page(v.question(q, f, j), answers))
	}
}

// answer takes the answer to a question, and goes on to what comes next. What is wrong with it is said on the
// question's page, with what was typed.
func (v *visit) answer(q journey.Question, f form) {
	j, ok := v.journey()
	if !ok {
		return
	}
	if !j.MayAsk(q) {
		v.goOn(j)
		return
	}
	posted, ok := v.form()
	if !ok {
		return
	}
	var answers page.Answers
	f.read(posted, &answers)
	before := j
	if errs := f.check(answers, v.today(), &j); len(errs) > 0 {
		frame := v.question(q, f, before)
		frame.Problems = v.problems(errs)
		v.render(http.StatusUnprocessableEntity, f.page(frame, answers))
		return
	}
	j.Answer(q)
	if !v.match(before, &j) {
		return
	}
	j.Checked = j.Checked || j.Complete()
	if v.keep(j) {
		v.goOn(j)
	}
}

// patience is how long a person waits to be told that no more need be asked, before the next question is asked.
const patience = 3 * time.Second

// match finds out whether the answers match exactly one record already, if there are questions left to skip and
// what is known has changed. It is false if the request has been answered, because a limit is exceeded.
func (v *visit) match(before journey.Journey, j *journey.Journey) bool {
	_, more := j.Next()
	if !more || !j.Answered(journey.DateOfBirth) || j.Answers == before.Answers {
		return true
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), patience)
	defer cancel()
	matched, err := v.service.Peek(ctx, v.source(), partial(j.Answers, v.today()))
	var limit *lookup.LimitError
	switch {
	case errors.As(err, &limit):
		v.fail(err)
		return false
	case err != nil: // the other questions are then asked: nothing is lost but their skipping
		v.log.WarnContext(v.r.Context(), "early match failed", "code", fault.Reason(err),
			"requestId", gateway.RequestID(v.r.Context()))
	}
	j.Matched = matched
	return true
}

// partial is the query of the answers given so far.
func partial(d lookup.Details, today teacher.Date) lookup.Query {
	q := lookup.Query{FirstName: d.FirstName, LastName: d.LastName, PreviousFirstName: d.PreviousFirstName,
		PreviousLastName: d.PreviousLastName, TrainingProvider: d.TrainingProvider}
	// All were checked when they were given; one that no longer passes is as good as not given.
	q.Email, _ = lookup.CheckEmail(d.Email)
	q.DateOfBirth, _ = lookup.CheckDateOfBirth(d.DateOfBirth, today)
	q.NINO, _ = lookup.CheckNINO(d.NINO)
	return q
}

// goOn sends the person to where they should be: the first unanswered question, or their answers to check.
func (v *visit) goOn(j journey.Journey) {
	next, more := j.Next()
	if more && !j.Checked && !j.Complete() {
		v.redirect(next.Path())
		return
	}
	v.redirect(checkPath)
}

// question is the frame of a question's page.
func (v *visit) question(q journey.Question, f form, j journey.Journey) page.Frame {
	frame := v.frame(f.title)
	switch {
	case j.Checked:
		frame.Back = checkPath
	case q == journey.Email:
		frame.Back = startPath
	default:
		frame.Back = (q - 1).Path()
	}
	return frame
}

// problems are the messages of field errors, each at the input to mend.
func (v *visit) problems(errs []lookup.FieldError) []page.Problem {
	var found []page.Problem
	for _, err := range errs {
		message, group := v.texts.Text(err.Key()), string(err.Field)
		found = append(found, page.Problem{Fields: inputs(err), Group: group, Message: message})
	}
	return found
}

// inputs are the ids of the inputs that an error is about, the one to begin with first.
func inputs(err lookup.FieldError) []string {
	const day, month, year = "dateOfBirth-day", "dateOfBirth-month", "dateOfBirth-year"
	switch {
	case err.Field != lookup.FieldDateOfBirth:
		return []string{string(err.Field)}
	case err.Code == lookup.CodeMissingDay:
		return []string{day}
	case err.Code == lookup.CodeMissingMonth:
		return []string{month}
	case err.Code == lookup.CodeMissingYear:
		return []string{year}
	}
	return []string{day, month, year}
}
