package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"losttrn/internal/web/webtest"
)

// TestLookingAroundForgetsNothing: the start page, the pages of information and a page that is not there leave the
// answers as they are.
func TestLookingAroundForgetsNothing(t *testing.T) {
	c := newClient(t)
	c.post("/email", amara.Fields("/email")...)
	c.post("/name", amara.Fields("/name")...)
	for _, path := range []string{"/", "/privacy", "/cookies", "/accessibility", "/nowhere", "/favicon.ico", "/robots.txt"} {
		c.get(path)
	}
	if page := c.get("/name").is(http.StatusOK, "What is your name?"); page.value("firstName") != amara.First {
		t.Errorf("the name is %q", page.value("firstName"))
	}
	if start := c.get("/"); !strings.Contains(start.One("div", "class=govuk-inset-text"), "continue with your answers") {
		t.Error("the start page does not lead back to the answers")
	}
	c.get("/check-answers").leadsTo("/date-of-birth")
	if start := newClient(t).get("/"); start.One("div", "class=govuk-inset-text") != "" {
		t.Error("the start page speaks of answers to somebody who gave none")
	}
}

// TestWhatForgetsTheAnswers: "Start now" and "clear your answers" do, but not when a browser fetches them ahead or
// another site's link leads to them.
func TestWhatForgetsTheAnswers(t *testing.T) {
	for _, path := range []string{"/email?new", "/clear-answers"} {
		for header, value := range map[string]string{"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "cross-site"} {
			c := newClient(t)
			c.answerAll(amara)
			r := httptest.NewRequest(http.MethodGet, "https://trn.example.com"+path, nil)
			r.Header.Set(header, value)
			c.send(r)
			c.get("/check-answers").is(http.StatusOK, "Check your answers")
		}
		c := newClient(t)
		c.answerAll(amara)
		c.get(path)
		if page := c.get("/email"); page.value("email") != "" {
			t.Errorf("after %s the next person sees %q", path, page.value("email"))
		}
		c.get("/check-answers").leadsTo("/email")
	}
	c := newClient(t)
	c.answerAll(amara)
	c.get("/clear-answers").is(http.StatusOK, "We’ve cleared your answers")
	if len(c.cookies) != 0 {
		t.Errorf("cookies %v", c.cookies)
	}
}

func TestClearYourAnswersIsOnEveryPageThatShowsAny(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	pages := []answer{c.get("/check-answers")}
	for _, path := range history { // each shows its answer again
		pages = append(pages, c.get(path))
	}
	c.post("/check-answers")
	pages = append(pages, c.get("/no-match"))
	c.post("/helpdesk-request")
	pages = append(pages, c.get("/helpdesk-request"))
	c.answerAll(amara)
	c.post("/check-answers")
	pages = append(pages, c.get("/trn-found"))
	for _, page := range pages {
		if len(page.All("a", "href=/clear-answers")) != 1 {
			t.Errorf("%s has no link", page.One("h1", ""))
		}
	}
	if page := newClient(t).get("/email"); len(page.All("a", "href=/clear-answers")) != 0 {
		t.Error("a page that shows no answer has a link to clear it")
	}
}

// TestExpiredAndRefusedCookiesAreTold: a browser drops the answers after two hours, and then sends the other cookie
// only; one that refuses cookies sends none back from a page that set some.
func TestExpiredAndRefusedCookiesAreTold(t *testing.T) {
	for _, path := range []string{"/name", "/email", "/check-answers", "/no-match"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			c := newClient(t)
			c.answerAll(nobody)
			delete(c.cookies, "__Host-answers")
			r := postOf(path, "cookies", "set", "firstName", "No")
			if method == http.MethodGet {
				r = httptest.NewRequest(method, "https://trn.example.com"+path, nil)
			}
			if method == http.MethodPost && path == "/no-match" {
				continue
			}
			c.send(r).is(http.StatusBadRequest, "Your answers are no longer here")
			c.get("/email").is(http.StatusOK, "What is your email address?") // and that once only
		}
	}

	refusing := newClient(t)
	form := refusing.get("/email")
	clear(refusing.cookies)
	refused := refusing.post("/email", "email", "ann@example.com", "cookies", form.value("cookies")).is(http.StatusBadRequest, "Your browser did not keep your answers")
	if !strings.Contains(refused.One("main", ""), "Allow cookies") || len(refused.All("a", "href=/cookies")) == 0 {
		t.Errorf("%s", refused.One("main", ""))
	}
	clear(refusing.cookies)
	r := httptest.NewRequest(http.MethodGet, "https://trn.example.com/name", nil)
	r.Header.Set("Referer", "https://trn.example.com/email")
	refusing.send(r).is(http.StatusBadRequest, "Your browser did not keep your answers")
	r.Header.Set("Referer", "https://elsewhere.example.com/email")
	refusing.send(r).leadsTo("/email")
	newClient(t).get("/name").leadsTo("/email") // somebody who kept the address
}

// TestTheAnswersOfAResultAreForgottenSoon: half an hour after the result they are gone.
func TestTheAnswersOfAResultAreForgottenSoon(t *testing.T) {
	c := newClient(t)
	c.answerAll(amara)
	c.post("/check-answers").leadsTo("/trn-found")
	c.stand.Pass(29 * time.Minute)
	c.get("/trn-found").is(http.StatusOK, "We've found your TRN")
	c.stand.Pass(time.Minute)
	c.get("/trn-found").is(http.StatusBadRequest, "Your answers are no longer here")
}

// TestBackAtEveryPage: each page's Back link leads to the page before, with the answer that was given there.
func TestBackAtEveryPage(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	at := "/check-answers"
	for i := len(history) - 1; i >= 0; i-- {
		back := webtest.Attr(c.get(at).All("a", "class=govuk-back-link")[0], "href")
		if at == "/check-answers" && back != history[i] {
			t.Fatalf("from %s back to %s", at, back)
		}
		if at != "/check-answers" && back != "/check-answers" { // from there on they are changes
			t.Fatalf("from %s back to %s", at, back)
		}
		at = history[i]
	}
	fresh := newClient(t)
	for i, path := range history {
		back := webtest.Attr(fresh.get(path).All("a", "class=govuk-back-link")[0], "href")
		if want := append([]string{"/"}, history...)[i]; back != want {
			t.Errorf("from %s back to %s, want %s", path, back, want)
		}
		fresh.post(path, nobody.Fields(path)...)
	}
	for _, link := range fresh.get("/name").All("nav", "") {
		t.Errorf("a nav %v", link.Attr)
	}
}

func TestASlashAtTheEndIsPassedOver(t *testing.T) {
	c := newClient(t)
	for path, want := range map[string]string{"/email/": "/email", "/check-answers//": "/check-answers", "/privacy/": "/privacy"} {
		a := c.get(path)
		if a.StatusCode != http.StatusPermanentRedirect || a.Header.Get("Location") != want {
			t.Errorf("%s: %d to %s", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
	c.get("//").is(http.StatusNotFound, "Page not found")
	c.get("/nowhere/").is(http.StatusNotFound, "Page not found")
}

func TestWellKnownFiles(t *testing.T) {
	c := newClient(t)
	for path, want := range map[string]struct{ kind, content string }{
		"/favicon.ico":              {"image/x-icon", "favicon-1.ico"},
		"/robots.txt":               {"text/plain; charset=utf-8", "Disallow: /"},
		"/.well-known/security.txt": {"text/plain; charset=utf-8", "Contact: mailto:helpdesk@example.com\n"},
	} {
		a := c.get(path)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != want.kind || !strings.Contains(a.body, want.content) || !c.stand.Site.Has(path) {
			t.Errorf("%s: %d %s %q", path, a.StatusCode, a.Header.Get("Content-Type"), a.body)
		}
		if head := c.send(httptest.NewRequest(http.MethodHead, "https://trn.example.com"+path, nil)); head.StatusCode != http.StatusOK || head.body != "" {
			t.Errorf("HEAD %s: %d %q", path, head.StatusCode, head.body)
		}
	}
	if text := c.get("/.well-known/security.txt").body; !strings.Contains(text, "Expires: 2026-12-22T00:00:00Z") {
		t.Errorf("%s", text)
	}
}
