package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
	"losttrn/internal/web/suggest"
)

// newQuery is the query of the address behind "Start now", which begins a new journey.
const newQuery = "new"

// showQuestion shows a question's page, with the answer if it has one.
func (x *exchange) showQuestion(q journey.Question, f form) {
	if q == journey.Email && x.r.URL.Query().Has(newQuery) {
		x.startNow()
		return
	}
	j, ok := x.readJourney()
	switch {
	case !ok:
	case !j.MayAsk(q):
		x.redirectToNext(j)
	case j.Empty() && !x.save(j): // so that a browser that refuses cookies is detected with the first answer
	default:
		x.countShown(f)
		answers := page.Answers{Details: j.Answers, NameChanged: nameChanges[j.NameChange]}
		x.render(http.StatusOK, f.page(x, x.questionFrame(q, f, j), answers))
	}
}

// startNow begins a new journey and discards earlier answers, unless the request is a prefetch or another site's link.
// It redirects to the first question's own address, because reloading this one would begin again.
func (x *exchange) startNow() {
	if x.isDeliberate() {
		j, ok := x.begin()
		if !ok || !x.save(j) {
			return
		}
	}
	x.redirect(journey.Email.Path())
}

// takeAnswer handles the answer to a question, and redirects to the next page. If the answer has a problem, the
// question's page shows it with what was typed.
func (x *exchange) takeAnswer(q journey.Question, f form) {
	j, ok := x.readJourney()
	if !ok {
		return
	}
	if !j.MayAsk(q) {
		x.redirectToNext(j)
		return
	}
	posted, ok := x.form()
	if !ok {
		return
	}
	if q == journey.Email && x.askWhichEmail(posted) {
		return
	}
	answers := f.read(posted)
	before := j
	if problems := f.check(answers, x.today(), &j); len(problems) > 0 {
		x.countProblems(problems)
		frame := x.questionFrame(q, f, before)
		frame.Problems = x.messages(problems)
		x.render(http.StatusUnprocessableEntity, f.page(x, frame, answers))
		return
	}
	x.countAnswered(f)
	j.Answer(q, !before.Answered(q) || j.Answers != before.Answers || j.NameChange != before.NameChange)
	if !x.matchEarly(before, &j) {
		return
	}
	j.Checked = j.Checked || j.Complete()
	if x.save(j) {
		x.redirectToNext(j)
	}
}

// askWhichEmail asks once whether an address that looks mistyped is correct. If the person has chosen, it puts the
// choice into the form. It returns true if it has responded.
func (x *exchange) askWhichEmail(posted url.Values) bool {
	typed := teacher.CleanEmail(posted.Get("email"))
	meant, ok := suggest.Email(typed)
	if !ok || len(x.emailProblems(typed)) > 0 {
		return false
	}
	frame := x.frame("email.meant.title")
	frame.Back = journey.Email.Path()
	switch choice := posted.Get("meant"); {
	case choice == page.KeepTyped:
		return false
	case choice == meant:
		posted.Set("email", meant)
		return false
	case posted.Has("asked"):
		problem := lookup.Problem{Field: "meant", Code: lookup.CodeMissing}
		frame.Problems = x.messages([]lookup.Problem{problem})
		x.render(http.StatusUnprocessableEntity, page.EmailMeant(frame, typed, meant))
	default:
		x.render(http.StatusOK, page.EmailMeant(frame, typed, meant))
	}
	return true
}

// emailProblems returns the problems of an email address.
func (x *exchange) emailProblems(typed string) []lookup.Problem {
	_, problems := lookup.Details{Email: typed}.CheckFields(x.today(), lookup.FieldEmail)
	return problems
}

// earlyMatchTimeout is how long an early match may take before the next question is shown without its result.
const earlyMatchTimeout = 3 * time.Second

// matchEarly checks whether the answers match exactly one record already, if they have changed and not all questions
// have been asked. If a limit is exceeded, or values that found nothing could not be stored, it responds and returns false.
func (x *exchange) matchEarly(before journey.Journey, j *journey.Journey) bool {
	_, more := j.Next()
	if !more || !j.Answered(journey.DateOfBirth) || j.Answers == before.Answers {
		return true
	}
	ctx, cancel := context.WithTimeout(x.r.Context(), earlyMatchTimeout)
	defer cancel()
	// All were checked when they were given; an answer that no longer passes its check counts as not given.
	query, _ := j.Answers.CheckFields(x.today(), lookup.Fields()...)
	matched, err := x.service.Peek(ctx, x.source(), query)
	var limit *lookup.LimitError
	switch {
	case errors.As(err, &limit), errors.Is(err, lookup.ErrNotRemembered):
		x.fail(err, "")
		return false
	case err != nil: // nothing was decided: the remaining questions are asked, whatever the answers are
		x.log.WarnContext(x.r.Context(), "early match failed", "code", fault.Reason(err),
			"requestId", gateway.RequestID(x.r.Context()), cloud.Cause(err))
	}
	j.Matched = matched
	return true
}

// redirectToNext redirects to the first question that is not answered yet, or to "Check your answers".
func (x *exchange) redirectToNext(j journey.Journey) {
	if next, more := j.Next(); more && !j.Complete() {
		x.redirect(next.Path())
		return
	}
	x.redirect(checkPath)
}

// questionFrame returns the frame of a question's page.
func (x *exchange) questionFrame(q journey.Question, f form, j journey.Journey) page.Frame {
	frame := x.frame(f.title)
	frame.ShowsAnswer = j.Answered(q)
	switch {
	case j.Checked && j.Complete():
		frame.Back = checkPath
	case q == journey.Email:
		frame.Back = startPath
	default:
		frame.Back = (q - 1).Path()
	}
	return frame
}

// messages returns the messages of fields' problems, each for the input to correct.
func (x *exchange) messages(problems []lookup.Problem) []page.Problem {
	var found []page.Problem
	for _, p := range problems {
		found = append(found, page.Problem{Fields: p.Inputs(), Group: string(p.Field), Message: x.texts.Text(p.Key())})
	}
	return found
}
