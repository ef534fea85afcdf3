package web_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/web/webtest"
)

func TestFound(t *testing.T) {
	c := newClient(t)
	c.answerAll(amara)
	c.post("/check-answers").leadsTo("/trn-found")
	page := c.get("/trn-found").is(http.StatusOK, "We've found your TRN")
	if address := page.One("strong", "class=app-address"); strings.ReplaceAll(address, " ", "") != amara.Email {
		t.Error("the page does not show the address")
	}
	matches := c.stand.Outbox.Matches()
	if len(matches) != 1 || matches[0].TRN.Digits() != "1000001" || matches[0].Email.Typed() != amara.Email {
		t.Fatalf("%d matches", len(matches))
	}
	if strings.Contains(page.body, "1000001") {
		t.Error("the page shows the TRN")
	}
}

func TestRemainingQuestionsAreSkippedOnceOneRecordMatches(t *testing.T) {
	c := newClient(t)
	c.get("/")
	c.post("/email", bo.Fields("/email")...).leadsTo("/name")
	c.post("/name", bo.Fields("/name")...).leadsTo("/date-of-birth")
	if n := c.stand.Peeks(); n != 0 {
		t.Errorf("looked %d times before the date of birth", n)
	}
	c.post("/date-of-birth", bo.Fields("/date-of-birth")...).leadsTo("/check-answers")
	// Questions that were skipped leave no row, and the page does not say why.
	page := c.get("/check-answers").is(http.StatusOK, "Check your answers")
	if list := page.One("dl", ""); strings.Contains(list, "National Insurance") || strings.Contains(list, "provider") {
		t.Errorf("rows %q", list)
	}
	for _, word := range []string{"record matches", "found", "skip"} {
		if strings.Contains(page.One("main", ""), word) {
			t.Errorf("the page says %q", word)
		}
	}

	// Somebody who was asked and gave nothing has the rows.
	asked := newClient(t)
	asked.stand.Fail(fault.Unavailable)
	if all := asked.answerAll(bo).One("dl", ""); strings.Count(all, "Not provided") != 2 {
		t.Errorf("asked %q", all)
	}
	c.post("/check-answers").leadsTo("/trn-found")
}

func TestBlankAnswersAreNotLookedUp(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	if n := c.stand.Peeks(); n != 1 { // after the date of birth; the blank number told nothing new
		t.Errorf("looked %d times", n)
	}
}

func TestChangeThatUndoesAnEarlyMatchAsksTheRemainingQuestions(t *testing.T) {
	c := newClient(t)
	c.answerAll(bo)
	c.post("/email", "email", "other@example.com").leadsTo("/national-insurance-number")
	c.get("/check-answers").leadsTo("/national-insurance-number")
	c.post("/check-answers").leadsTo("/national-insurance-number")
	c.post("/national-insurance-number", "nationalInsuranceNumber", "QQ123456B").leadsTo("/check-answers")
	c.post("/check-answers").leadsTo("/trn-found")
}

func TestNoMatch(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.post("/check-answers").leadsTo("/no-match")
	c.get("/no-match").is(http.StatusOK, "We could not find your TRN")
	c.get("/trn-found").leadsTo("/no-match")
	c.get("/helpdesk-request").leadsTo("/no-match")

	c.post("/helpdesk-request").leadsTo("/helpdesk-request")
	c.post("/helpdesk-request").leadsTo("/helpdesk-request")
	c.get("/helpdesk-request").is(http.StatusOK, "We've received your request")
	if requests := c.stand.HelpdeskRequests(); len(requests) != 1 || requests[0].Why != lookup.WhyNoMatch {
		t.Errorf("%d requests", len(requests))
	}
	acknowledgements := slices.DeleteFunc(c.stand.Outbox.Emails(), func(e message.Email) bool { return e.Kind != message.KindHelpdeskRequest })
	if len(acknowledgements) != 1 {
		t.Errorf("%d acknowledgements", len(acknowledgements))
	}
}

func TestDifferentDetailsAfterNoMatch(t *testing.T) {
	c := newClient(t)
	wrong := amara
	wrong.NINO = ""
	c.answerAll(wrong)
	c.post("/check-answers").leadsTo("/no-match")
	c.post("/national-insurance-number", "nationalInsuranceNumber", amara.NINO).leadsTo("/check-answers")
	c.get("/no-match").leadsTo("/check-answers") // the answers are no longer those that matched nothing
	c.post("/check-answers").leadsTo("/trn-found")
}

func TestSeveral(t *testing.T) {
	c := newClient(t)
	c.answerAll(sam)
	c.post("/check-answers").leadsTo("/helpdesk-request")
	c.get("/helpdesk-request").is(http.StatusOK, "We've received your request")
	if requests := c.stand.HelpdeskRequests(); len(requests) != 1 || requests[0].Why != lookup.WhySeveral {
		t.Errorf("%d requests", len(requests))
	}
}

func TestSkippingAheadLeadsToTheFirstUnansweredQuestion(t *testing.T) {
	c := newClient(t)
	everywhere := append(append([]string(nil), history...), "/check-answers", "/trn-found", "/no-match", "/helpdesk-request")
	for answered := range history {
		for _, path := range everywhere[answered+1:] {
			c.get(path).leadsTo(history[answered])
		}
		for _, path := range everywhere[:answered+1] {
			if a := c.get(path); a.StatusCode != http.StatusOK {
				t.Errorf("after %d answers, %s is %d", answered, path, a.StatusCode)
			}
		}
		if answered > 0 && answered < len(history)-1 {
			c.post(history[answered+1], nobody.Fields(history[answered+1])...).leadsTo(history[answered])
		}
		c.post(history[answered], nobody.Fields(history[answered])...)
	}
	c.get("/check-answers").is(http.StatusOK, "Check your answers")
}

func TestChangeLinksComeBackWithTheNewAnswer(t *testing.T) {
	changed := webtest.Person{Email: "new@example.com", First: "Nora", Last: "Bodie", Day: "3", Month: "April", Year: "1983", NINO: "QQ123456D", Provider: "Somewhere"}
	shown := []string{"new@example.com", "Nora Bodie", "I have not changed my name", "3 April 1983", "QQ123456D", "Somewhere"}
	c := newClient(t)
	page := c.answerAll(nobody)
	seen := map[string]bool{}
	for _, link := range page.All("a", "class=govuk-link") {
		path := webtest.Attr(link, "href")
		if !slices.Contains(history, path) {
			continue
		}
		if len(strings.Fields(webtest.Text(link))) < 2 {
			t.Errorf("the link to %s says only %q", path, webtest.Text(link))
		}
		if !seen[path] {
			seen[path] = true
			if question := c.get(path); question.One("a", "class=govuk-back-link") != "Back" {
				t.Errorf("%s has no way back", path)
			}
			c.post(path, changed.Fields(path)...).leadsTo("/check-answers")
		}
	}
	if len(seen) != len(history) {
		t.Errorf("links to %v", seen)
	}
	page = c.get("/check-answers")
	for i, node := range page.All("dd", "class=govuk-summary-list__value app-answer") {
		if strings.ReplaceAll(webtest.Text(node), " ", "") != strings.ReplaceAll(shown[i], " ", "") { // an address may be broken
			t.Errorf("row %d says %q, want %q", i, webtest.Text(node), shown[i])
		}
	}
}

func TestPreviousNames(t *testing.T) {
	for _, test := range []struct {
		changed, want string
	}{{"yes", "Anna Old"}, {"", "Anna Old"}, {"no", "I have not changed my name"}, {"prefer-not-to-say", "Prefer not to say"}} {
		c := newClient(t)
		c.answerAll(nobody)
		c.post("/name", "firstName", "No", "lastName", "Body", "nameChanged", test.changed,
			"previousFirstName", "Anna", "previousLastName", "Old")
		if list := c.get("/check-answers").One("dl", ""); !strings.Contains(list, "Previous name "+test.want+" Change") {
			t.Errorf("changed %q: %q", test.changed, list)
		}
	}
}

// TestASkippedQuestionIsNotANo: who does not say whether they changed their name has not said no.
func TestASkippedQuestionIsNotANo(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	c.post("/name", "firstName", "No", "lastName", "Body").leadsTo("/check-answers")
	if list := c.get("/check-answers").One("dl", ""); !strings.Contains(list, "Previous name Not provided") {
		t.Errorf("%q", list)
	}
	for _, radio := range c.get("/name").All("input", "name=nameChanged") {
		if webtest.Attr(radio, "checked") != "" {
			t.Errorf("%s is chosen", webtest.Attr(radio, "value"))
		}
	}
}

func TestFailuresHaveTheirPages(t *testing.T) {
	for _, test := range []struct {
		err     error
		status  int
		heading string
		retry   string
	}{
		{&lookup.LimitError{RetryAfter: 90e9}, 429, "You’ve tried too many times", "90"},
		{fault.Unavailable, 503, "Sorry, the service is unavailable", "5"},
		{fault.Throttled, 503, "Sorry, the service is unavailable", "5"},
		{errors.New("amara@example.com"), 500, "Sorry, there is a problem with the service", ""},
	} {
		c := newClient(t)
		c.answerAll(amara)
		c.stand.Fail(test.err)
		page := c.post("/check-answers").is(test.status, test.heading)
		if got := page.Header.Get("Retry-After"); got != test.retry {
			t.Errorf("%d: Retry-After %q, want %q", test.status, got, test.retry)
		}
		c.stand.Fail(nil)
		c.post("/check-answers").leadsTo("/trn-found") // the answers are kept
		if n := len(c.stand.Outbox.Matches()); n != 1 {
			t.Errorf("%d: %d matches", test.status, n)
		}
	}
}

func TestLimitStopsEarlyMatching(t *testing.T) {
	c := newClient(t)
	c.post("/email", bo.Fields("/email")...)
	c.post("/name", bo.Fields("/name")...)
	c.stand.Fail(&lookup.LimitError{RetryAfter: 1})
	c.post("/date-of-birth", bo.Fields("/date-of-birth")...).is(429, "You’ve tried too many times")
	c.stand.Fail(nil)
	c.get("/national-insurance-number").leadsTo("/date-of-birth")
}

func TestFormWorksWhileEarlyMatchingDoesNot(t *testing.T) {
	c := newClient(t)
	c.stand.Fail(fault.Unavailable)
	c.answerAll(bo)
	c.stand.Fail(nil)
	c.post("/check-answers").leadsTo("/trn-found")
}

// TestWhatIsNotRememberedIsNotAnswered: a right value needs no remembering, so going on would tell it from a wrong one for as
// long as nothing can be written.
func TestWhatIsNotRememberedIsNotAnswered(t *testing.T) {
	c := newClient(t)
	c.post("/email", nobody.Fields("/email")...)
	c.post("/name", nobody.Fields("/name")...)
	c.stand.FailToRemember(fault.Unavailable)
	c.post("/date-of-birth", nobody.Fields("/date-of-birth")...).is(503, "Sorry, the service is unavailable")
	c.get("/national-insurance-number").leadsTo("/date-of-birth")
	c.stand.FailToRemember(nil)
	c.post("/date-of-birth", nobody.Fields("/date-of-birth")...).leadsTo("/national-insurance-number")
}

func TestNothingPersonalIsLogged(t *testing.T) {
	c := newClient(t)
	known := amara
	known.Email = "amara@example.com"
	c.answerAll(known)
	c.stand.Fail(errors.New("amara@example.com Osei QQ123456A"))
	c.post("/check-answers")
	c.stand.Fail(nil)
	c.post("/check-answers").leadsTo("/trn-found")
	log := c.stand.Log.String()
	if !strings.Contains(log, `"msg":"request failed"`) || !strings.Contains(log, `"face":"form"`) {
		t.Fatalf("the log is %q", log)
	}
	// Times and ids are made of digits, a year's among them.
	log = regexp.MustCompile(`"(time|timestamp|lookupId|requestId)":"[^"]*"`).ReplaceAllString(log, "")
	for _, canary := range []string{"amara", "Amara", "Osei", "1985", "QQ123456A", "1000001"} {
		if strings.Contains(log, canary) {
			t.Errorf("%q is in the log: %s", canary, log)
		}
	}
}

func TestRequestThatRanOutOfTimeIsAnswered(t *testing.T) {
	c := newClient(t)
	c.answerAll(amara)
	c.stand.Fail(context.DeadlineExceeded)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	c.send(postOf("/check-answers").WithContext(gone)).is(503, "Sorry, the service is unavailable")
}
