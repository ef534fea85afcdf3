package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/web/webtest"
)

func TestProvidersAreSuggestedFromAListThatIsCached(t *testing.T) {
	c := newClient(t)
	c.answerAll(nobody)
	page := c.get("/training-provider")
	input := page.All("input", "id=trainingProvider")[0]
	path := webtest.Attr(input, "data-suggestions")
	if !strings.HasPrefix(path, "/assets/training-providers-") || webtest.Attr(input, "type") != "text" {
		t.Fatalf("suggestions at %q", path)
	}
	list := c.get(path)
	var names []string
	if err := json.Unmarshal([]byte(list.body), &names); err != nil || !slices.Contains(names, "University of Example") {
		t.Errorf("%v %q", err, names)
	}
	if cache := list.Header.Get("Cache-Control"); cache != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control %q", cache)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	if packed := c.send(r); packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v", packed.Header)
	}
	if other := c.get("/assets/training-providers-0123456789abcdef.json"); other.body != list.body || other.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the list of another moment: %q, %s", other.body, other.Header.Get("Cache-Control"))
	}
	if scripts := len(page.All("script", "")); scripts != 2 {
		t.Errorf("%d scripts", scripts)
	}
	if scripts := len(c.get("/email").All("script", "")); scripts != 1 {
		t.Errorf("%d scripts on another page", scripts)
	}
}

func TestWithoutNamesTheInputIsPlain(t *testing.T) {
	c := newClient(t, webtest.WithoutProviders())
	c.answerAll(nobody)
	page := c.get("/training-provider").is(http.StatusOK, "Who provided your teacher training?")
	if webtest.Attr(page.All("input", "id=trainingProvider")[0], "data-suggestions") != "" || len(page.All("script", "")) != 1 {
		t.Error("suggestions out of nothing")
	}
	c.post("/training-provider", "trainingProvider", "uni of example").leadsTo("/check-answers")
	if page := c.get("/check-answers"); strings.Contains(page.One("main", ""), "Did you mean") {
		t.Error("a suggestion out of nothing")
	}
	if !strings.Contains(c.stand.Log.String(), `"msg":"no suggestions"`) {
		t.Error("nothing says that there are no suggestions")
	}
}

// TestDidYouMeanIsAChoice: what equals one suggestion but for small words is offered, and never taken by itself.
func TestDidYouMeanIsAChoice(t *testing.T) {
	for choice, want := range map[string]string{"University of Example": "University of Example", "keep": "the uni of example", "": "the uni of example",
		"University of Nowhere Else": "the uni of example"} {
		c := newClient(t)
		c.answerAll(nobody)
		c.post("/training-provider", "trainingProvider", "the uni of example").leadsTo("/check-answers")
		page := c.get("/check-answers")
		if radios := page.All("input", "name=provider"); len(radios) != 2 || webtest.Attr(radios[0], "value") != "University of Example" ||
			webtest.Attr(radios[0], "checked") != "" || !strings.Contains(page.One("fieldset", ""), "Did you mean University of Example?") {
			t.Fatalf("%s", page.One("main", ""))
		}
		c.post("/check-answers", "provider", choice, "shown", page.value("shown")).leadsTo("/no-match")
		if list := c.get("/no-match").One("dl", ""); !strings.Contains(list, "Teacher training provider "+want+" Change") {
			t.Errorf("%q: %s", choice, list)
		}
	}
}

// TestAMistypedAddressIsAskedAboutOnce: with two answers, neither chosen beforehand.
func TestAMistypedAddressIsAskedAboutOnce(t *testing.T) {
	for _, test := range []struct{ choice, want string }{{"ann@gmail.com", "ann@gmail.com"}, {"keep", "ann@gmial.com"}} {
		c := newClient(t)
		page := c.post("/email", "email", " ann@gmial.com").is(http.StatusOK, "Did you mean ann@gmail.com?")
		if radios := page.All("input", "name=meant"); len(radios) != 2 || webtest.Attr(radios[0], "checked")+webtest.Attr(radios[1], "checked") != "" {
			t.Errorf("%d radios", len(radios))
		}
		unanswered := c.post("/email", "email", page.value("email"), "asked", page.value("asked")).is(422, "Did you mean ann@gmail.com?")
		if summary := unanswered.summary(); len(summary) != 1 || webtest.Text(summary[0]) != "Select which email address is right" {
			t.Errorf("%s", unanswered.One("main", ""))
		}
		c.post("/email", "email", page.value("email"), "asked", page.value("asked"), "meant", test.choice).leadsTo("/name")
		if got := c.get("/email").value("email"); got != test.want {
			t.Errorf("%q: %q", test.choice, got)
		}
	}
	c := newClient(t)
	c.post("/email", "email", "ann@gmial").is(422, "What is your email address?") // no address at all
	c.post("/email", "email", "ann@example.com").leadsTo("/name")
}
