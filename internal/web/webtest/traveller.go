package webtest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/figures"
)

// Traveller uses the form as a person does, without a browser, and counts the pages shown and the actions.
type Traveller struct {
	T    testing.TB
	Site http.Handler
	// Pass lets time pass; nil where that cannot be done.
	Pass func(time.Duration)

	// Last is the page that they look at, Status its status.
	Last   Page
	Status int
	// Size is how many bytes of HTML it is.
	Size int
	// Pages is how many pages they were shown.
	Pages int
	// Done counts the actions in the form's own metrics: by figure and dimension.
	Done map[Figure]int

	cookies map[string]string
}

// Figure is a figure of the form by its name, and what it is counted by: a question, an outcome, or nothing.
type Figure struct{ Name, By string }

// Travel returns a Traveller who has not opened the form yet.
func Travel(t testing.TB, site http.Handler) *Traveller {
	return &Traveller{T: t, Site: site, Done: map[Figure]int{}, cookies: map[string]string{}}
}

// questions are the paths that ask one, without the slash.
var questions = []string{"email", "name", "date-of-birth", "national-insurance-number", "training-provider"}

// Visit follows a link, and the redirects behind it.
func (p *Traveller) Visit(path string) *Traveller {
	if path == "/email?new" {
		p.Done[Figure{"journeysStarted", ""}]++
	}
	return p.arrive(http.MethodGet, path, p.ask(http.MethodGet, path, ""))
}

// Answer fills in the page at a path, and follows where that leads.
func (p *Traveller) Answer(path string, fields ...string) *Traveller {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	answer := p.ask(http.MethodPost, path, form.Encode())
	if question := path[1:]; slices.Contains(questions, question) && answer.StatusCode == http.StatusSeeOther {
		p.Done[Figure{"questionAnswered", question}]++
	}
	return p.arrive(http.MethodPost, path, answer)
}

func (p *Traveller) ask(method, path, body string) *http.Response {
	p.T.Helper()
	r := httptest.NewRequest(method, "https://trn.example.com"+path, strings.NewReader(body))
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://trn.example.com")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, name := range slices.Sorted(maps.Keys(p.cookies)) {
		r.AddCookie(&http.Cookie{Name: name, Value: p.cookies[name]})
	}
	w := httptest.NewRecorder()
	p.Site.ServeHTTP(w, r)
	answer := w.Result()
	for _, cookie := range answer.Cookies() {
		if p.cookies[cookie.Name] = cookie.Value; cookie.MaxAge < 0 {
			delete(p.cookies, cookie.Name)
		}
	}
	if answer.Header.Get("Lookup-Id") != "" {
		outcome := map[string]string{"/trn-found": "trn_sent", "/no-match": "no_match", "/helpdesk-request": "helpdesk"}[answer.Header.Get("Location")]
		p.Done[Figure{"journeysEnded", outcome}]++
	}
	return answer
}

// arrive follows redirects, and reads the page at their end.
func (p *Traveller) arrive(method, path string, answer *http.Response) *Traveller {
	p.T.Helper()
	for answer.StatusCode >= 300 && answer.StatusCode < 400 {
		method, path = http.MethodGet, answer.Header.Get("Location")
		answer = p.ask(method, path, "")
	}
	if question := path[1:]; method == http.MethodGet && slices.Contains(questions, question) && answer.StatusCode == http.StatusOK {
		p.Done[Figure{"questionShown", question}]++
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		p.T.Fatal(err)
	}
	if p.Last, err = ReadPage(bytes.NewReader(body)); err != nil {
		p.T.Fatal(err)
	}
	p.Pages++
	p.Status, p.Size = answer.StatusCode, len(body)
	return p
}

// Start looks at the start page and presses "Start now".
func (p *Traveller) Start() *Traveller {
	p.T.Helper()
	p.Visit("/")
	for _, button := range p.Last.All("a", "role=button") {
		return p.Visit(Attr(button, "href"))
	}
	p.T.Fatal("no button to start with")
	return p
}

// Give answers the questions in their order, up to "Check your answers".
func (p *Traveller) Give(who Person, paths ...string) *Traveller {
	p.T.Helper()
	for _, path := range paths {
		if p.Heading() == "Check your answers" {
			break
		}
		p.Answer(path, who.Fields(path)...)
	}
	return p
}

// Heading returns the heading of the page.
func (p *Traveller) Heading() string { return p.Last.One("h1", "") }

// Funnel returns the figures that a Traveller counts too.
func Funnel(summary figures.Summary) map[Figure]int {
	counted := map[Figure]int{}
	for _, m := range summary.Metrics {
		by, ours := map[string]string{"journeysStarted": "", "questionShown": "question", "questionAnswered": "question", "journeysEnded": "outcome"}[m.Name]
		for _, series := range m.Series {
			if ours && len(series.Dimensions) == len(strings.Fields("function "+by)) {
				counted[Figure{m.Name, series.Dimensions[by]}] += int(series.Sum)
			}
		}
	}
	return counted
}
