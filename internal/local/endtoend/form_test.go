package endtoend_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/figures"
	"losttrn/internal/local/waiting"
	"losttrn/internal/providers"
	"losttrn/internal/web/webtest"
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

// figures are what the stack's own page adds up.
func (w *fixture) figures(t *testing.T) (all figures.Summary) {
	t.Helper()
	a := w.send(t, http.MethodGet, "/_local/metrics", nil, map[string]string{"Accept": "application/json"})
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// figure is the sum of a metric's figures with these dimensions.
func (w *fixture) figure(t *testing.T, name string, dimensions map[string]string) float64 {
	t.Helper()
	sum := 0.0
	for _, metric := range w.figures(t).Metrics {
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

// suggestProviders puts the training providers of all tests into the table at once, because the form keeps what it read.
func (w *fixture) suggestProviders(t *testing.T) {
	t.Helper()
	for _, name := range []string{"University of Nowhere, Kent", "University of Example"} {
		w.put(t, "providers", attribute.Item{"list": attribute.String(providers.List), "name": attribute.String(name)})
	}
}

var listOfProviders = regexp.MustCompile(`data-suggestions="(/assets/training-providers-[0-9a-f]+\.json)"`)

// TestFromTheFormToTheFigures goes through the form as a person whom nobody knows: suggestions come from the table,
// the note and the details reach the helpdesk's table, and the figures count what was done.
func TestFromTheFormToTheFigures(t *testing.T) {
	w := common
	w.suggestProviders(t)
	by := func(name, value string) map[string]string { return map[string]string{name: value} }
	counted := []struct {
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
	before := make([]float64, len(counted))
	for i, f := range counted {
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

	for i, f := range counted { // a line of the log takes a moment to arrive
		waiting.Until(t, fmt.Sprintf("%s %v counts %v more", f.name, f.dimensions, f.want), func() bool {
			return w.figure(t, f.name, f.dimensions)-before[i] == f.want
		})
	}
}

// TestTheFunnelIsWhatTenPersonsDid: ten people go through the form, each in their own way, and /_local/metrics says what
// they were shown, what they answered and where they ended.
func TestTheFunnelIsWhatTenPersonsDid(t *testing.T) {
	w := common
	w.suggestProviders(t)
	w.newPerson(t, func(i attribute.Item) {
		amara := webtest.Amara
		nino := strings.ReplaceAll(amara.NINO, " ", "")
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(amara.First), attribute.String(amara.Last), attribute.String("1985-03-31")
		i["nationalInsuranceNumber"], i["ninoKey"] = attribute.String(nino), attribute.String(nino[:8])
		i["trainingProviders"] = attribute.MapList(attribute.Item{"name": attribute.String("University of Example")})
	})
	gateway, err := url.Parse(w.Gateway)
	if err != nil {
		t.Fatal(err)
	}
	site := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(gateway) }}
	want := webtest.Funnel(w.figures(t))
	for _, journey := range webtest.Journeys {
		p := webtest.Travel(t, site)
		journey.Goes(p)
		if p.Status != http.StatusOK || p.Heading() != journey.Ends || p.Pages != journey.Pages {
			t.Errorf("%s: ends at %d %q after %d pages, want %q after %d", journey.Who, p.Status, p.Heading(), p.Pages, journey.Ends, journey.Pages)
		}
		for figure, n := range p.Done {
			want[figure] += n
		}
	}
	waiting.Until(t, fmt.Sprintf("the funnel is %v", want), func() bool { return maps.Equal(webtest.Funnel(w.figures(t)), want) })
}
