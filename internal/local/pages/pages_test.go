package pages

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/figures"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/running"
	"losttrn/internal/local/story"
)

// fixed shows the same at all times.
type fixed struct {
	emails []outbox.Email
	queues map[string]Queue
	rows   []story.Row
	told   story.Story
	err    error
}

func (f fixed) Index() running.Stack {
	return running.Stack{Ready: true, Gateway: "http://localhost:1", Tables: map[string]string{"teachers": "t<1>"}, Schedules: []string{"Nightly"}}
}
func (f fixed) Lookups(string) []story.Row { return f.rows }
func (f fixed) Lookup(_ context.Context, name string) (story.Story, bool, error) {
	return f.told, name == f.told.LookupID, f.err
}
func (f fixed) Figures() figures.Summary                         { return figures.New(time.Now()).Summary() }
func (f fixed) Emails() []outbox.Email                           { return f.emails }
func (f fixed) Queues(context.Context) (map[string]Queue, error) { return f.queues, f.err }

func get(t *testing.T, s Source, path, accept string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	Handler(s).ServeHTTP(w, r)
	return w
}

func TestPagesAreWhatTheClientPrefers(t *testing.T) {
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
	for accept, want := range map[string]string{
		browser: "text/html; charset=utf-8", "": "text/html; charset=utf-8", "*/*": "text/html; charset=utf-8",
		"application/json": "application/json", "application/json, text/html;q=0.9": "application/json",
		"application/json;q=0.5, text/html": "text/html; charset=utf-8",
	} {
		for _, path := range []string{"/_local/", "/_local/outbox", "/_local/queues", "/_local/metrics", "/_local/lookups"} {
			w := get(t, fixed{}, path, accept)
			if got := w.Header().Get("Content-Type"); w.Code != 200 || got != want {
				t.Errorf("%s for %q: %d %s", path, accept, w.Code, got)
			}
		}
	}
	if w := get(t, fixed{}, "/_local/none", ""); w.Code != 404 {
		t.Errorf("no such page: %d", w.Code)
	}
	if w := get(t, fixed{err: errors.New("no")}, "/_local/queues", ""); w.Code != 502 {
		t.Errorf("no queues: %d", w.Code)
	}
	if w := get(t, fixed{}, "/_local/outbox", "application/json"); strings.TrimSpace(w.Body.String()) != "[]" {
		t.Errorf("an empty outbox is %s", w.Body)
	}
}

func TestTheOutboxShowsEmailsAsAPersonSeesThem(t *testing.T) {
	s := fixed{emails: []outbox.Email{{
		To: "a@example.com", Template: "trn", Subject: "We've <b>", Reference: "r", SentAt: time.Now(),
		Body: "Dear <script>alert(1)</script>\nO'Neill\n\n# Your TRN is 0012345\n\nUse it to:\n\n* sign in\n* register\n\n^ Keep it\n\n---\n\nBye",
	}}}
	page := get(t, s, "/_local/outbox", "").Body.String()
	for _, want := range []string{
		"We’ve &lt;b&gt;", "<p>Dear &lt;script&gt;alert(1)&lt;/script&gt;<br>O’Neill</p>", "<h3>Your TRN is 0012345</h3>",
		"<ul><li>sign in</li><li>register</li></ul>", "<blockquote>Keep it</blockquote>", "<hr>", "<p>Bye</p>", "a@example.com",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	var list []map[string]any
	if err := json.Unmarshal(get(t, s, "/_local/outbox", "application/json").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"to", "template", "subject", "body", "reference", "sentAt"} {
		if list[0][member] == nil {
			t.Errorf("an email lacks %s", member)
		}
	}
	if list[0]["body"] != s.emails[0].Body {
		t.Errorf("the body is %q", list[0]["body"])
	}
}

func TestTheQueuesShowWhyALetterIsDead(t *testing.T) {
	age := 61.2
	s := fixed{queues: map[string]Queue{
		"matches":           {Depth: 7, InFlight: 3, OldestSeconds: &age},
		"matchesDeadLetter": {Messages: []DeadLetter{{Reason: "unreadable", Source: "matches", Body: "{<}", Redrive: "make redrive QUEUE=matches"}, {Body: "second"}}},
	}}
	page := get(t, s, "/_local/queues", "").Body.String()
	for _, want := range []string{"<td>7</td><td>3</td><td>1m1s</td>", "<dd>unreadable</dd>", "<code>{&lt;}</code>", "<dd>received too often</dd>", "<code>make redrive QUEUE=matches</code>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestNoDeadLettersNoHeading(t *testing.T) {
	s := fixed{queues: map[string]Queue{"matches": {}, "matchesDeadLetter": {}}}
	if page := get(t, s, "/_local/queues", "").Body.String(); strings.Contains(page, "Dead letters") {
		t.Errorf("the page is %s", page)
	}
}

func TestTheIndexIsEscaped(t *testing.T) {
	if page := get(t, fixed{}, "/_local/", "").Body.String(); !strings.Contains(page, "t&lt;1&gt;") || !strings.Contains(page, "Nightly") {
		t.Errorf("the page is %s", page)
	}
}
