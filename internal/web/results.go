package web

import (
	"errors"
	"net/http"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

const (
	startPath   = "/"
	checkPath   = "/check-answers"
	foundPath   = "/trn-found"
	noMatchPath = "/no-match"
	helpPath    = "/helpdesk-request"
	clearPath   = "/clear-answers"
)

// start shows the start page. Looking at it forgets nothing.
func (x *exchange) start() {
	j, err := x.seal.Read(x.r, x.clock())
	x.render(http.StatusOK, page.Start(x.frame("start.title"), err == nil && !j.Empty()))
}

// clearAnswers deletes the answers, so that the next user of the browser does not find them.
func (x *exchange) clearAnswers() {
	if x.isDeliberate() {
		x.forget()
	}
	frame := x.frame("cleared.title")
	x.render(http.StatusOK, page.Message(frame, []string{x.texts.Text("cleared.body.1")}, "cleared.action", startPath, "", false))
}

// resultPath returns the path of a journey's result, "" if there is none yet.
func resultPath(j journey.Journey) string {
	switch {
	case j.Outcome == lookup.TRNSent:
		return foundPath
	case j.Outcome == lookup.Helpdesk, j.HelpRequested:
		return helpPath
	case j.Outcome == lookup.NoMatch:
		return noMatchPath
	}
	return ""
}

// readResult returns the journey whose result the page shows. If the journey has another result, or none, it redirects
// and returns false.
func (x *exchange) readResult() (journey.Journey, bool) {
	j, ok := x.readJourney()
	if !ok {
		return j, false
	}
	switch at := resultPath(j); {
	case at == x.r.URL.Path, j.Outcome == lookup.NoMatch && x.r.URL.Path == noMatchPath:
		return j, true
	case at != "":
		x.redirect(at)
	default:
		x.redirectToNext(j)
	}
	return j, false
}

// result returns the content of the page of a journey's result.
func (x *exchange) result(j journey.Journey) page.Result {
	return page.Result{Reference: lookup.Reference(j.LookupID), Email: j.Answers.Email, Sent: j.Sent, SentTo: j.SentTo,
		Unchanged: j.Unchanged, Rows: x.rows(j)}
}

func (x *exchange) found() {
	if j, ok := x.readResult(); ok {
		x.render(http.StatusOK, page.Found(x.frame("found.title"), x.result(j)))
	}
}

func (x *exchange) noMatch() {
	if j, ok := x.readResult(); ok {
		x.render(http.StatusOK, page.NotFound(x.frame("noMatch.title"), x.result(j)))
	}
}

func (x *exchange) helpRequested() {
	if j, ok := x.readResult(); ok {
		x.render(http.StatusOK, page.HelpRequested(x.frame("help.title"), x.result(j)))
	}
}

// requestHelp asks the helpdesk, once for a lookup.
func (x *exchange) requestHelp() {
	j, ok := x.readJourney()
	if !ok {
		return
	}
	posted, ok := x.form()
	if !ok {
		return
	}
	if j.Outcome != lookup.NoMatch || j.HelpRequested {
		if at := resultPath(j); at != "" {
			x.redirect(at)
		} else {
			x.redirectToNext(j)
		}
		return
	}
	note, code := lookup.CheckNote(posted.Get(string(lookup.FieldNote)))
	if code != "" {
		x.refuseNote(j, posted.Get(string(lookup.FieldNote)), code)
		return
	}
	q, ok := x.query(j)
	if !ok {
		return
	}
	err := x.service.RequestHelp(x.r.Context(), j.LookupID, lookup.Request{Query: q, Note: note, Source: x.source()})
	switch {
	case errors.Is(err, fault.Conflict) && fault.Reason(err) == lookup.ReasonOtherDetails:
		j.HelpRequested = true // requested in another tab, with another note: that request is kept
	case errors.Is(err, fault.NotFound), errors.Is(err, fault.Conflict): // the lookup's outcome is not that of the cookie
		j.LookupID, j.Outcome = "", ""
	case err != nil:
		x.fail(err, j.LookupID)
		return
	default:
		j.HelpRequested = true
		x.countHelpRequested(&j)
	}
	if !x.save(j) {
		return
	}
	if at := resultPath(j); at != "" {
		x.redirect(at)
		return
	}
	x.redirectToNext(j)
}

// refuseNote shows the problem of the note to the helpdesk on the page where it was typed.
func (x *exchange) refuseNote(j journey.Journey, typed, code string) {
	problems := []lookup.Problem{{Field: lookup.FieldNote, Code: code}}
	x.countProblems(problems)
	frame := x.frame("noMatch.title")
	frame.Problems = x.messages(problems)
	result := x.result(j)
	result.Note = typed
	x.render(http.StatusUnprocessableEntity, page.NotFound(frame, result))
}
