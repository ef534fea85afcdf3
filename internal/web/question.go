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

// newQuery is the query of the address that "Start now" leads to: it begins a journey anew.
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
	case j.Empty() && !x.save(j): // so that a browser that refuses cookies is found out with the first answer
	default:
		x.countShown(f)
		answers := page.Answers{Details: j.Answers, NameChanged: nameChanges[j.NameChange]}
		x.render(http.StatusOK, f.page(x, x.questionFrame(q, f, j), answers))
	}
}

// startNow begins a journey, whatever was answered before. It sends the person to the first question's own address,
// because a person who comes back to this one would begin once more.
func (x *exchange) startNow() {
	if x.isDeliberate() {
		j, ok := x.begin()
		if !ok || !x.save(j) {
			return
		}
	}
	x.redirect(journey.Email.Path())
}

// takeAnswer takes the answer to a question, and goes on to what comes next. What is wrong with it is said on the
// question's page, with what was typed.
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

// askWhichEmail asks once whether an address that looks like a slip of the keyboard is meant. If the person has
// chosen, it puts the choice into the form; it returns true if it has responded.
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

// earlyMatchTimeout is how long a person waits to be told that no more need be asked, before the next question is
// asked.
const earlyMatchTimeout = 3 * time.Second

// matchEarly finds out whether the answers match exactly one record already, if what is known has changed and not
// everything has been asked. It responds and returns false if a limit is exceeded.
func (x *exchange) matchEarly(before journey.Journey, j *journey.Journey) bool {
	_, more := j.Next()
	if !more || !j.Answered(journey.DateOfBirth) || j.Answers == before.Answers {
		return true
	}
	ctx, cancel := context.WithTimeout(x.r.Context(), earlyMatchTimeout)
	defer cancel()
	// All were checked when they were given; an answer that no longer passes is as good as not given.
	query, _ := j.Answers.CheckFields(x.today(), lookup.Fields()...)
	matched, err := x.service.Peek(ctx, x.source(), query)
	var limit *lookup.LimitError
	switch {
	case errors.As(err, &limit):
		x.fail(err, "")
		return false
	case err != nil: // the other questions are then asked: nothing is lost but their skipping
		x.log.WarnContext(x.r.Context(), "early match failed", "code", fault.Reason(err),
			"requestId", gateway.RequestID(x.r.Context()), cloud.Cause(err))
	}
	j.Matched = matched
	return true
}

// redirectToNext sends the person to where they should be: the first question that must be asked yet, or their
// answers to check.
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

// messages returns the messages of fields' problems, each at the input to mend.
func (x *exchange) messages(problems []lookup.Problem) []page.Problem {
	var found []page.Problem
	for _, p := range problems {
		found = append(found, page.Problem{Fields: p.Inputs(), Group: string(p.Field), Message: x.texts.Text(p.Key())})
	}
	return found
}
