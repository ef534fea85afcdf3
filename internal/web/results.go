package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

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
)

// start ends any journey that there was: whoever uses the browser next does not find someone else's answers.
func (v *visit) start() {
	_, err := v.r.Cookie(journey.CookieName)
	fetchedAhead := strings.Contains(v.r.Header.Get("Sec-Purpose"), "prefetch") // and perhaps never looked at
	if err == nil && !fetchedAhead && v.r.Method == http.MethodGet {
		http.SetCookie(v.w, journey.Forget())
	}
	v.render(http.StatusOK, page.Start(v.frame("start.title")))
}

// checkAnswers shows the answers, to be changed or submitted.
func (v *visit) checkAnswers() {
	j, ok := v.journey()
	switch {
	case !ok:
	case !j.Checked && !j.Complete():
		v.goOn(j)
	default:
		shown, err := v.seal.Shown(v.r.Context(), j)
		if err != nil {
			v.fail(err, "")
			return
		}
		v.render(http.StatusOK, page.CheckAnswers(v.frame("check.title"), v.rows(j), shown))
	}
}

// rows are the answers to check. One not given and one not asked for look the same.
func (v *visit) rows(j journey.Journey) []page.Row {
	a := j.Answers
	previous := strings.TrimSpace(a.PreviousFirstName + " " + a.PreviousLastName)
	if !j.NameChanged {
		previous = v.texts.Text("check.sameName")
	}
	row := func(key string, q journey.Question, value string) page.Row {
		if value == "" {
			value = v.texts.Text("check.none")
		}
		return page.Row{Key: "check." + key, Change: "check." + key + ".change", Value: value, Path: q.Path()}
	}
	return []page.Row{
		row("email", journey.Email, a.Email),
		row("name", journey.Name, a.FirstName+" "+a.LastName),
		row("previousName", journey.Name, previous),
		row("dateOfBirth", journey.DateOfBirth, v.longDate(a.DateOfBirth)),
		row("nino", journey.NINO, a.NINO),
		row("provider", journey.TrainingProvider, a.TrainingProvider),
	}
}

// longDate is a date in words.
func (v *visit) longDate(typed lookup.TypedDate) string {
	date := typed.Date()
	if date.IsZero() {
		return ""
	}
	return strconv.Itoa(date.Day()) + " " + v.texts.Text("month."+strconv.Itoa(date.Month())) + " " +
		strconv.Itoa(date.Year())
}

// submit makes the lookup. However often the same answers are submitted in a journey, by a reload, the back button,
// a double click, another tab or a replay, they are one lookup: its key is the journey's.
func (v *visit) submit() {
	j, ok := v.journey()
	if !ok {
		return
	}
	posted, ok := v.form()
	if !ok {
		return
	}
	shown, err := v.seal.Shown(v.r.Context(), j)
	if err != nil {
		v.fail(err, "")
		return
	}
	_, more := j.Next()
	switch {
	case !j.Checked && !j.Complete():
		v.goOn(j)
		return
	case posted.Has("shown") && posted.Get("shown") != shown:
		// The answers were changed in another tab meanwhile: what the person agreed to is not what would be sent.
		v.redirect(checkPath)
		return
	case more && !j.Matched: // a change of answers undid the match for which the other questions were skipped
		j.Checked = false
		if v.keep(j) {
			v.goOn(j)
		}
		return
	case j.Outcome != "":
		v.redirect(resultPath(j))
		return
	}
	q, ok := v.query(j)
	if !ok {
		return
	}
	answer, err := v.service.Lookup(v.r.Context(),
		lookup.Request{Query: q, IdempotencyKey: j.SubmissionKey(), Source: v.source()})
	if err != nil {
		v.fail(err, answer.LookupID)
		return
	}
	j.LookupID, j.Outcome = answer.LookupID, answer.Outcome
	v.w.Header().Set(lookupIDHeader, answer.LookupID)
	if v.keep(j) {
		v.redirect(resultPath(j))
	}
}

// lookupIDHeader names the lookup in the answer that made it.
const lookupIDHeader = "Lookup-Id"

// query is the query of all the answers. An answer that no longer passes its check is asked for again: the request
// has then been answered, and false is returned.
func (v *visit) query(j journey.Journey) (lookup.Query, bool) {
	q, errs := j.Answers.Check(v.today())
	if len(errs) == 0 {
		return q, true
	}
	v.redirect(questionOf(errs[0].Field).Path())
	return lookup.Query{}, false
}

// resultPath is the page of what a journey came to, "" if it has come to nothing yet.
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

// result is the journey whose result the page shows; a journey with another result, or none, is sent to where it
// belongs, and false returned.
func (v *visit) result() (journey.Journey, bool) {
	j, ok := v.journey()
	if !ok {
		return j, false
	}
	switch at := resultPath(j); {
	case at == v.r.URL.Path, j.Outcome == lookup.NoMatch && v.r.URL.Path == noMatchPath:
		return j, true
	case at != "":
		v.redirect(at)
	default:
		v.goOn(j)
	}
	return j, false
}

func (v *visit) found() {
	if j, ok := v.result(); ok {
		v.render(http.StatusOK, page.Found(v.frame("found.title"), j.Answers.Email))
	}
}

func (v *visit) noMatch() {
	if _, ok := v.result(); ok {
		v.render(http.StatusOK, page.NotFound(v.frame("noMatch.title")))
	}
}

func (v *visit) helpRequested() {
	if j, ok := v.result(); ok {
		v.render(http.StatusOK, page.HelpRequested(v.frame("help.title"), j.Answers.Email))
	}
}

// requestHelp asks the helpdesk, once for a lookup.
func (v *visit) requestHelp() {
	j, ok := v.journey()
	if !ok {
		return
	}
	if j.Outcome != lookup.NoMatch || j.HelpRequested {
		if at := resultPath(j); at != "" {
			v.redirect(at)
		} else {
			v.goOn(j)
		}
		return
	}
	q, ok := v.query(j)
	if !ok {
		return
	}
	err := v.service.RequestHelp(v.r.Context(), j.LookupID, lookup.Request{Query: q, Source: v.source()})
	switch {
	case errors.Is(err, fault.NotFound), errors.Is(err, fault.Conflict): // the lookup is not what the cookie says
		j.LookupID, j.Outcome = "", ""
	case err != nil:
		v.fail(err, j.LookupID)
		return
	default:
		j.HelpRequested = true
	}
	if !v.keep(j) {
		return
	}
	if at := resultPath(j); at != "" {
		v.redirect(at)
		return
	}
	v.goOn(j)
}
