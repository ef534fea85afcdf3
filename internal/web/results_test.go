package web_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/web/webtest"
)

var (
	errUnavailable = fault.Unavailable
	errOfNoKind    = errors.New("of no kind")
)

var reference = regexp.MustCompile(`[2-9A-Z]{5}-[2-9A-Z]{5}`)

// TestResultsSayWhatComesNext: each result has the lookup's reference, when the helpdesk answers, how to reach it, and
// where to say what one thinks.
func TestResultsSayWhatComesNext(t *testing.T) {
	for who, path := range map[*webtest.Person]string{&amara: "/trn-found", &nobody: "/no-match", &sam: "/helpdesk-request"} {
		c := newClient(t)
		c.answerAll(*who)
		id := c.post("/check-answers").leadsTo(path).Header.Get("Lookup-Id")
		page := c.get(path)
		main := page.One("main", "")
		if got := reference.FindString(main); got != lookup.Reference(id) || got == "" {
			t.Errorf("%s: reference %q of %q", path, got, id)
		}
		for _, want := range []string{"5 working days", "helpdesk@example.com", "020 7946 0000"} {
			if !strings.Contains(main, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if len(page.All("a", "href=https://feedback.example.com/find-a-lost-trn")) < 2 {
			t.Errorf("%s has no feedback link", path)
		}
	}
}

// TestUnchangedAnswersAreSaidToBeUnchanged: who submits again what matched nothing is told, and nothing is looked up.
func TestUnchangedAnswersAreSaidToBeUnchanged(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.post("/check-answers").leadsTo("/no-match")
	if strings.Contains(c.get("/no-match").One("main", ""), "not changed any") {
		t.Error("the first time says that nothing changed")
	}
	c.post("/name", nobody.Fields("/name")...).leadsTo("/check-answers") // looked at, and left as it was
	if again := c.post("/check-answers").leadsTo("/no-match"); again.Header.Get("Lookup-Id") != "" {
		t.Error("looked up again")
	}
	if !strings.Contains(c.get("/no-match").One("main", ""), "You have not changed any of your answers") {
		t.Error("nothing says that nothing changed")
	}
	c.post("/training-provider", "trainingProvider", "Elsewhere").leadsTo("/check-answers")
	c.post("/check-answers").leadsTo("/no-match")
	if strings.Contains(c.get("/no-match").One("main", ""), "not changed any") {
		t.Error("a change is said to be none")
	}
}

// TestANoMatchAfterAFindSaysWhereTheTRNWent: a person who changes a right answer to a wrong one is not left to think
// that nothing was found.
func TestANoMatchAfterAFindSaysWhereTheTRNWent(t *testing.T) {
	c := newClient(t)
	c.answerAll(amara)
	c.post("/check-answers").leadsTo("/trn-found")
	c.post("/email", "email", "other@example.com")
	c.post("/date-of-birth", "dateOfBirth-day", "1", "dateOfBirth-month", "1", "dateOfBirth-year", "1971")
	c.post("/national-insurance-number", "without", "yes", "nationalInsuranceNumber", "QQ")
	c.post("/training-provider")
	c.post("/check-answers").leadsTo("/no-match")
	page := c.get("/no-match")
	if inset := page.One("div", "class=govuk-inset-text"); !strings.Contains(inset, "sent it to "+amara.Email) {
		t.Errorf("%q", inset)
	}
	c.post("/helpdesk-request")
	if inset := c.get("/helpdesk-request").One("div", "class=govuk-inset-text"); !strings.Contains(inset, amara.Email) {
		t.Errorf("%q", inset)
	}
}

// TestContinueWithoutANumber: the second button passes over what is in the field.
func TestContinueWithoutANumber(t *testing.T) {
	c := newClient(t)
	for _, path := range history[:3] {
		c.post(path, nobody.Fields(path)...)
	}
	page := c.get("/national-insurance-number")
	buttons := page.All("button", "")
	if len(buttons) != 2 || webtest.Text(buttons[0]) != "Continue" || webtest.Text(buttons[1]) != "Continue without it" {
		t.Fatalf("%d buttons", len(buttons))
	}
	c.post("/national-insurance-number", "nationalInsuranceNumber", "I lost it", webtest.Attr(buttons[1], "name"), webtest.Attr(buttons[1], "value")).leadsTo("/training-provider")
	c.post("/training-provider").leadsTo("/check-answers")
	if list := c.get("/check-answers").One("dl", ""); !strings.Contains(list, "National Insurance number Not provided") {
		t.Errorf("%s", list)
	}
}

func TestNoteToTheHelpdesk(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.post("/check-answers")
	long := strings.Repeat("I taught in Kent. ", 30)
	page := c.post("/helpdesk-request", "note", long).is(http.StatusUnprocessableEntity, "We could not find your TRN")
	if summary := page.summary(); len(summary) != 1 || webtest.Text(summary[0]) != "Note must be 500 characters or fewer" || webtest.Attr(summary[0], "href") != "#note" {
		t.Error("the note's problem is not in the summary")
	}
	if got := page.One("textarea", "id=note"); got != strings.TrimSpace(long) {
		t.Errorf("the note is shown as %q", got)
	}
	if len(c.stand.HelpdeskRequests()) != 0 {
		t.Error("a request was kept all the same")
	}
	c.post("/helpdesk-request", "note", "I taught in Kent.\r\nUntil 1999. ").leadsTo("/helpdesk-request")
	if requests := c.stand.HelpdeskRequests(); len(requests) != 1 || requests[0].Note != "I taught in Kent.\nUntil 1999." {
		t.Errorf("%d requests", len(requests))
	}
}

// TestTwoTabsAskTheHelpdesk: the second, with another note, ends at the request that is kept.
func TestTwoTabsAskTheHelpdesk(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.post("/check-answers")
	other := c.copied()
	c.post("/helpdesk-request", "note", "one").leadsTo("/helpdesk-request")
	other.post("/helpdesk-request", "note", "two").leadsTo("/helpdesk-request")
	other.get("/helpdesk-request").is(http.StatusOK, "We've received your request")
	if requests := c.stand.HelpdeskRequests(); len(requests) != 1 || requests[0].Note != "one" {
		t.Errorf("%d requests", len(requests))
	}
}

// TestFailuresSayWhomToAsk: 404, 429, 500 and 503 do, and the last three offer to try again.
func TestFailuresSayWhomToAsk(t *testing.T) {
	for err, again := range map[error]bool{nil: false, &lookup.LimitError{RetryAfter: 42 * 60e9}: true, errUnavailable: true, errOfNoKind: true} {
		c := newClient(t)
		c.answerAll(amara)
		c.stand.Fail(err)
		page := c.post("/check-answers")
		if err == nil {
			page = c.get("/nowhere")
		}
		main := page.One("main", "")
		if !strings.Contains(main, "helpdesk@example.com") || !strings.Contains(main, "020 7946 0000") {
			t.Errorf("%d does not say whom to ask: %s", page.StatusCode, main)
		}
		if len(page.All("a", "href=/check-answers")) > 0 != again || strings.Contains(main, "Try again") != again {
			t.Errorf("%d: try again %t", page.StatusCode, again)
		}
		if page.StatusCode == 429 && !strings.Contains(main, "42 minutes") {
			t.Errorf("%s", main)
		}
	}
}

// TestFiguresFollowThePerson: what was done is what was counted, without any answer.
func TestFiguresFollowThePerson(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.get("/email")
	c.post("/email", "email", "canary")
	c.post("/check-answers")
	c.post("/helpdesk-request")
	figures := c.stand.Figures.String()
	for _, want := range []string{`"journeysStarted":1`, `"question":"training-provider","questionAnswered":1`, `"question":"email","questionShown":1`,
		`"code":"invalid","face":"form","field":"email","fieldProblems":1`, `"journeysEnded":1,"level":"INFO","outcome":"no_match"`,
		`"journeySeconds":0,"level":"INFO","outcome":"no_match"`, `"outcome":"asked_helpdesk"`} {
		if !strings.Contains(figures, want) {
			t.Errorf("no %s in\n%s", want, figures)
		}
	}
	for _, canary := range []string{"canary", "nobody@", "Body", "1982"} {
		if strings.Contains(figures, canary) {
			t.Errorf("%s is in the figures", canary)
		}
	}
}

// TestAJourneyIsCompletedOnce: whoever comes to several results in one journey completes it once, so that no more journeys
// are completed than were started.
func TestAJourneyIsCompletedOnce(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	counted := func(figure string) int { return strings.Count(c.stand.Figures.String(), figure) }
	c.post("/check-answers")
	if n := counted(`"journeysCompleted":1`); n != 0 {
		t.Errorf("a journey that found nothing is counted as completed: %d", n)
	}
	c.post("/helpdesk-request")
	c.post("/email", "email", "nobody.else@example.com")
	c.post("/check-answers")
	c.post("/helpdesk-request")
	for figure, want := range map[string]int{`"journeysStarted":1`: 1, `"outcome":"no_match"`: 2 * 2, `"outcome":"asked_helpdesk"`: 2, `"journeysCompleted":1`: 1} {
		if n := counted(figure); n != want {
			t.Errorf("%s: %d times, want %d", figure, n, want)
		}
	}
}
