package endtoend_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/providers"
)

// visitor uses the form without a browser: it keeps cookies and follows no redirects by itself. The cookies are marked
// secure, which only browsers take from http://localhost.
type visitor struct {
	t       *testing.T
	w       *fixture
	cookies map[string]string
	// lookupID is of the last lookup that was made.
	lookupID string
}

func (v *visitor) do(method, path string, fields url.Values) (status int, location, body string) {
	v.t.Helper()
	var posted io.Reader
	if fields != nil {
		posted = strings.NewReader(fields.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.w.Gateway+path, posted)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if id := response.Header.Get("Lookup-Id"); id != "" {
		v.lookupID = id
	}
	for _, cookie := range response.Cookies() {
		v.cookies[cookie.Name] = cookie.Value
	}
	return response.StatusCode, response.Header.Get("Location"), string(text)
}

// answers posts a page's fields, and returns where that leads.
func (v *visitor) answers(path string, fields ...string) string {
	v.t.Helper()
	posted := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		posted.Set(fields[i], fields[i+1])
	}
	status, location, body := v.do(http.MethodPost, path, posted)
	if status != http.StatusSeeOther {
		v.t.Fatalf("%s: %d %s", path, status, body)
	}
	return location
}

// figure is the sum of a metric's figures with these dimensions, as the stack's own page adds them up.
func (w *fixture) figure(t *testing.T, name string, dimensions map[string]string) float64 {
	t.Helper()
	var summary struct {
		Metrics []struct {
			Name   string
			Series []struct {
				Dimensions map[string]string
				Sum        float64
			}
		}
	}
	a := w.send(t, http.MethodGet, "/_local/metrics", nil, map[string]string{"Accept": "application/json"})
	if err := json.Unmarshal([]byte(a.body), &summary); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, metric := range summary.Metrics {
		for _, series := range metric.Series {
			same := metric.Name == name && len(series.Dimensions) == len(dimensions)+1 // the function is one too
			for dimension, value := range dimensions {
				same = same && series.Dimensions[dimension] == value
			}
			if same {
				sum += series.Sum
			}
		}
	}
	return sum
}

var listOfProviders = regexp.MustCompile(`data-suggestions="(/assets/training-providers-[0-9a-f]+\.json)"`)

// TestFromTheFormToTheFigures goes through the form as a person whom nobody knows: suggestions come from the table,
// the note and the details reach the helpdesk's table, and the figures count what was done.
func TestFromTheFormToTheFigures(t *testing.T) {
	w := common
	w.put(t, "providers", attribute.Item{"list": attribute.String(providers.List), "name": attribute.String("University of Nowhere, Kent")})
	by := func(name, value string) map[string]string { return map[string]string{name: value} }
	figures := []struct {
		name       string
		dimensions map[string]string
		want       float64
	}{
		{"journeysStarted", nil, 1},
		{"questionShown", by("question", "email"), 1},
		{"questionShown", by("question", "training-provider"), 1},
		{"questionAnswered", by("question", "date-of-birth"), 1},
		{"fieldProblems", map[string]string{"face": "form", "field": "email", "code": "invalid"}, 1},
		{"journeysEnded", by("outcome", "no_match"), 1},
		{"journeysEnded", by("outcome", "asked_helpdesk"), 1},
	}
	before := make([]float64, len(figures))
	for i, f := range figures {
		before[i] = w.figure(t, f.name, f.dimensions)
	}

	v := &visitor{t: t, w: w, cookies: map[string]string{}}
	if status, location, _ := v.do(http.MethodGet, "/email?new", nil); status != http.StatusSeeOther || location != "/email" {
		t.Fatalf("Start now: %d %s", status, location)
	}
	v.do(http.MethodGet, "/email", nil)
	if status, _, body := v.do(http.MethodPost, "/email", url.Values{"email": {"nobody@"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "There is a problem") {
		t.Errorf("a wrong address: %d", status)
	}
	v.answers("/email", "email", "form.nobody@example.com")
	v.answers("/name", "firstName", "Canaryform", "lastName", "Examplenobody", "nameChanged", "prefer-not-to-say")
	v.answers("/date-of-birth", "dateOfBirth-day", "1st", "dateOfBirth-month", "May", "dateOfBirth-year", "1931")
	v.answers("/national-insurance-number", "without", "yes")
	_, _, page := v.do(http.MethodGet, "/training-provider", nil)
	list := listOfProviders.FindStringSubmatch(page)
	if list == nil {
		t.Fatal("nothing is suggested")
	}
	if _, _, names := v.do(http.MethodGet, list[1], nil); !strings.Contains(names, "University of Nowhere, Kent") {
		t.Errorf("suggestions %s", names)
	}
	v.answers("/training-provider", "trainingProvider", "uni of nowhere")
	if _, _, page := v.do(http.MethodGet, "/check-answers", nil); !strings.Contains(page, "Did you mean") {
		t.Error("nothing is offered on the check page")
	}
	if location := v.answers("/check-answers", "provider", "University of Nowhere, Kent"); location != "/no-match" {
		t.Fatalf("led to %s", location)
	}
	reference := regexp.MustCompile(`[2-9A-Z]{5}-[2-9A-Z]{5}`)
	_, _, result := v.do(http.MethodGet, "/no-match", nil)
	v.answers("/helpdesk-request", "note", "I taught in Kent.")
	_, _, confirmed := v.do(http.MethodGet, "/helpdesk-request", nil)
	quoted := reference.FindString(confirmed)
	if quoted == "" || reference.FindString(result) != quoted {
		t.Errorf("references %q and %q", reference.FindString(result), quoted)
	}
	kept := w.item(t, "helpdeskRequests", "lookupId", v.lookupID)
	details := attribute.Nested(kept, "details")
	for name, want := range map[string]string{"email": "form.nobody@example.com", "trainingProvider": "University of Nowhere, Kent", "dateOfBirth": "1931-05-01"} {
		if got := attribute.Text(details, name); got != want {
			t.Errorf("the helpdesk's %s is %q, want %q", name, got, want)
		}
	}
	if note := attribute.Text(kept, "note"); note != "I taught in Kent." {
		t.Errorf("note %q", note)
	}

	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for i, f := range figures {
		for got := w.figure(t, f.name, f.dimensions) - before[i]; got != f.want; got = w.figure(t, f.name, f.dimensions) - before[i] {
			select { // a line of the log takes a moment to arrive
			case <-tick.C:
			case <-deadline:
				t.Fatalf("%s %v: %v more, want %v", f.name, f.dimensions, got, f.want)
			}
		}
	}
}
