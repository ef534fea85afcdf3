package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
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
	answers := f.read(posted)
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
	// All were checked when they were given; an answer that no longer passes is as good as not given.
	query, _ := j.Answers.CheckFields(v.today(), lookup.Fields()...)
	matched, err := v.service.Peek(ctx, v.source(), query)
	var limit *lookup.LimitError
	switch {
	case errors.As(err, &limit):
		v.fail(err, "")
		return false
	case err != nil: // the other questions are then asked: nothing is lost but their skipping
		v.log.WarnContext(v.r.Context(), "early match failed", "code", fault.Reason(err),
			"requestId", gateway.RequestID(v.r.Context()), cloud.Cause(err))
	}
	j.Matched = matched
	return true
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

// problems returns the messages of fields' problems, each at the input to mend.
func (v *visit) problems(problems []lookup.Problem) []page.Problem {
	var found []page.Problem
	for _, p := range problems {
		found = append(found, page.Problem{Fields: p.Inputs(), Group: string(p.Field), Message: v.texts.Text(p.Key())})
	}
	return found
}
