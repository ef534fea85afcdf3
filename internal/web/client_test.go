package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"losttrn/internal/web/webtest"
)

// client is a browser without a window: it keeps cookies, and follows no redirects by itself.
type client struct {
	t       testing.TB
	stand   *webtest.Stand
	cookies map[string]*http.Cookie
}

func newClient(t testing.TB, options ...webtest.Option) *client {
	t.Helper()
	return &client{t: t, stand: webtest.New(t, options...), cookies: map[string]*http.Cookie{}}
}

// copied is the browser in another tab, or as it was at this moment.
func (c *client) copied() *client {
	again := &client{t: c.t, stand: c.stand, cookies: map[string]*http.Cookie{}}
	for name, cookie := range c.cookies {
		again.cookies[name] = cookie
	}
	return again
}

// answer is what came back.
type answer struct {
	t testing.TB
	*http.Response
	webtest.Page
	body string
}

func (c *client) send(r *http.Request) answer {
	c.t.Helper()
	for _, cookie := range c.cookies {
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	w := httptest.NewRecorder()
	c.stand.Site.ServeHTTP(w, r)
	a := answer{t: c.t, Response: w.Result()}
	body, err := io.ReadAll(a.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a.body = string(body)
	if a.Page, err = webtest.ReadPage(strings.NewReader(a.body)); err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range a.Cookies() {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie
		}
	}
	return a
}

func (c *client) get(path string) answer {
	c.t.Helper()
	return c.send(httptest.NewRequest(http.MethodGet, "https://trn.example.com"+path, nil))
}

func (c *client) post(path string, fields ...string) answer {
	c.t.Helper()
	return c.send(postOf(path, fields...))
}

func postOf(path string, fields ...string) *http.Request {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "https://trn.example.com"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://trn.example.com")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// leadsTo says where the answer must send the person.
func (a answer) leadsTo(path string) answer {
	a.t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != path {
		a.t.Fatalf("%d to %q (%s), want %s", a.StatusCode, a.Header.Get("Location"), a.One("h1", ""), path)
	}
	return a
}

// is says which page the answer must be.
func (a answer) is(status int, heading string) answer {
	a.t.Helper()
	if a.StatusCode != status || a.One("h1", "") != heading {
		a.t.Fatalf("%d %q, want %d %q (Location %q)", a.StatusCode, a.One("h1", ""), status, heading, a.Header.Get("Location"))
	}
	return a
}

// value is what an input holds.
func (a answer) value(name string) string {
	for _, node := range a.All("input", "name="+name) {
		return webtest.Attr(node, "value")
	}
	return ""
}

// fields of the questions, for people whom webtest knows.
var (
	amara   = webtest.Amara
	bo      = webtest.Person{Email: "bo@example.com", First: "Bo", Last: "Li", Day: "1", Month: "Dec", Year: "1990"}
	nobody  = webtest.Person{Email: "nobody@example.com", First: "No", Last: "Body", Day: "2", Month: "2", Year: "1982", Provider: "Nowhere"}
	sam     = webtest.Person{Email: "sam@example.com", First: "Sam", Last: "Twice", Day: "2", Month: "1", Year: "1970", NINO: "QQ123456C"}
	history = []string{"/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider"}
)

// answerAll goes from the start to "Check your answers".
func (c *client) answerAll(p webtest.Person) answer {
	c.t.Helper()
	c.get("/email?new").leadsTo("/email")
	path := "/email"
	for range history {
		a := c.post(path, p.Fields(path)...)
		if path = a.Header.Get("Location"); path == "/check-answers" {
			return c.get(path).is(http.StatusOK, "Check your answers")
		}
	}
	c.t.Fatalf("not at the end but at %s", path)
	return answer{}
}

// summary are the links of the error summary.
func (a answer) summary() []*html.Node {
	var links []*html.Node
	for _, list := range a.All("ul", "class=govuk-list govuk-error-summary__list") {
		for node := range list.Descendants() {
			if node.Data == "a" {
				links = append(links, node)
			}
		}
	}
	return links
}
