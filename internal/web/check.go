package web

import (
	"net/http"
	"strconv"
	"strings"

	"losttrn/internal/lookup"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// checkAnswers shows the answers, to be changed or submitted.
func (x *exchange) checkAnswers() {
	j, ok := x.readJourney()
	switch {
	case !ok:
	case !j.Complete():
		x.redirectToNext(j)
	default:
		shown, err := x.seal.Shown(x.r.Context(), j)
		if err != nil {
			x.fail(err, "")
			return
		}
		frame := x.frame("check.title")
		frame.Back = lastAnswered(j).Path()
		x.render(http.StatusOK, page.CheckAnswers(frame, x.rows(j), shown, j.Answers.Email, j.Answers.TrainingProvider, x.providerMeant(j)))
	}
}

// lastAnswered returns the last question that was answered.
func lastAnswered(j journey.Journey) journey.Question {
	last := journey.Email
	for question := range forms {
		if q := journey.Question(question); j.Answered(q) {
			last = q
		}
	}
	return last
}

// providerMeant returns the training provider that was probably meant, "" if none but the one typed is certain.
func (x *exchange) providerMeant(j journey.Journey) string {
	if j.Answers.TrainingProvider == "" {
		return ""
	}
	meant, _ := x.suggestions.current(x.r.Context(), x.log).providers.Meant(j.Answers.TrainingProvider)
	return meant
}

// rows returns the answers to check. A question that was skipped has no row.
func (x *exchange) rows(j journey.Journey) []page.Row {
	var rows []page.Row
	for question, form := range forms {
		if !j.Answered(journey.Question(question)) {
			continue
		}
		for _, c := range form.checks {
			row := page.Row{Key: "check." + c.key, Change: "check." + c.key + ".change", Value: c.value(x, j), Path: journey.Question(question).Path(),
				IsAddress: c.isAddress, IsName: c.isName}
			if row.Value == "" {
				row.Value = x.texts.Text("check.none")
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// previousName returns the answer about a previous name, "" if there is none.
func (x *exchange) previousName(j journey.Journey) string {
	switch j.NameChange {
	case journey.NameChanged:
		return strings.TrimSpace(j.Answers.PreviousFirstName + " " + j.Answers.PreviousLastName)
	case journey.NameNotChanged:
		return x.texts.Text("check.sameName")
	case journey.NameChangeNotSaid:
		return x.texts.Text("check.notToSay")
	}
	return ""
}

// longDate returns a date in words.
func (x *exchange) longDate(typed lookup.TypedDate) string {
	date := typed.Date()
	if date.IsZero() {
		return ""
	}
	return strconv.Itoa(date.Day()) + " " + x.texts.Text("month."+strconv.Itoa(date.Month())) + " " +
		strconv.Itoa(date.Year())
}

// submit makes the lookup. However often the same answers are submitted in a journey, by a reload, the back button,
// a double click, another tab or a replay, they are one lookup: its key is the journey's.
func (x *exchange) submit() {
	j, ok := x.readJourney()
	if !ok {
		return
	}
	posted, ok := x.form()
	if !ok {
		return
	}
	shown, err := x.seal.Shown(x.r.Context(), j)
	if err != nil {
		x.fail(err, "")
		return
	}
	switch {
	case !j.Complete():
		x.redirectToNext(j)
		return
	case posted.Has("shown") && posted.Get("shown") != shown:
		// The answers were changed in another tab meanwhile, so the person has not checked what would be sent.
		x.redirect(checkPath)
		return
	}
	if meant := x.providerMeant(j); meant != "" && posted.Get("provider") == meant {
		j.Answers.TrainingProvider = meant
		j.Answer(journey.TrainingProvider, true)
	}
	if j.Outcome != "" {
		j.Unchanged = j.Outcome == lookup.NoMatch && !j.HelpRequested
		if x.save(j) {
			x.redirect(resultPath(j))
		}
		return
	}
	x.lookUp(j)
}

// lookUp makes the lookup with the answers.
func (x *exchange) lookUp(j journey.Journey) {
	q, ok := x.query(j)
	if !ok {
		return
	}
	found, err := x.service.Lookup(x.r.Context(),
		lookup.Request{Query: q, IdempotencyKey: j.SubmissionKey(), Source: x.source()})
	if err != nil {
		x.fail(err, found.LookupID)
		return
	}
	j.Conclude(found.LookupID, found.Outcome)
	x.w.Header().Set(lookupIDHeader, found.LookupID)
	x.countResult(&j)
	if x.save(j) {
		x.redirect(resultPath(j))
	}
}

// lookupIDHeader names the lookup in the response that made it.
const lookupIDHeader = "Lookup-Id"

// query returns the query of all the answers. If an answer no longer passes its check, it redirects to its question and
// returns false.
func (x *exchange) query(j journey.Journey) (lookup.Query, bool) {
	q, problems := j.Answers.Check(x.today())
	if len(problems) == 0 {
		return q, true
	}
	x.redirect(questionOf(problems[0].Field).Path())
	return lookup.Query{}, false
}
