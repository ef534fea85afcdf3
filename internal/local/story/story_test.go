package story

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/local/logs"
	"losttrn/internal/lookup"
	"losttrn/internal/unlocking"
)

const (
	first  = "11111111-1111-4111-8111-111111111111"
	second = "22222222-2222-4222-8222-222222222222"
)

func line(t *testing.T, text string) logs.Line {
	t.Helper()
	l, ok := logs.Parse([]byte(text))
	if !ok {
		t.Fatal(text)
	}
	return l
}

func TestLookupsAreListedNewestFirstWithWhatBecameOfThem(t *testing.T) {
	l := NewLines()
	for _, text := range []string{
		`{"timestamp":"2026-01-02T03:04:05Z","msg":"lookup","lookupId":"` + first + `","outcome":"trn_sent"}`,
		`{"timestamp":"2026-01-02T03:04:06Z","msg":"lookup","lookupId":"` + second + `","outcome":"no_match"}`,
		`{"timestamp":"2026-01-02T03:04:07Z","msg":"unlock decided","lookupId":"` + first + `","unlockOutcome":"refused","unlockReasons":["open_alert"]}`,
		`{"timestamp":"2026-01-02T03:04:08Z","msg":"email sent","lookupId":"` + first + `","kind":"trn","code":"sent"}`,
		`{"timestamp":"2026-01-02T03:04:09Z","msg":"something else"}`,
		`{"_aws":{},"lookupId":"` + first + `"}`,
	} {
		l.Add(line(t, text))
	}
	rows := l.Rows()
	if len(rows) != 2 || rows[0].LookupID != second || rows[0].Outcome != "no_match" || rows[0].Emails == nil || rows[0].UnlockReasons == nil {
		t.Errorf("rows: %+v", rows)
	}
	if r := rows[1]; r.UnlockOutcome != "refused" || !slices.Equal(r.UnlockReasons, []string{"open_alert"}) || !slices.Equal(r.Emails, []string{"trn"}) || r.At.Second() != 5 {
		t.Errorf("row: %+v", r)
	}
	for _, name := range []string{first, strings.ToUpper(first), lookup.Reference(first), strings.ToLower(lookup.Reference(first))} {
		if id, lines := l.Of(name); id != first || len(lines) != 3 {
			t.Errorf("%s is %s with %d lines", name, id, len(lines))
		}
	}
	for i := range most {
		l.Add(logs.Line{Fields: []logs.Field{{Name: "lookupId", Value: []byte(fmt.Sprintf("%q", fmt.Sprint(i)))}}})
	}
	if id, _ := l.Of(first); id != "" || len(l.Rows()) != most {
		t.Errorf("%d rows are remembered, %s too", len(l.Rows()), id)
	}
}

func TestWhatAPersonGaveIsRememberedByLookupFromEitherFace(t *testing.T) {
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) == 0 {
			t.Errorf("the body that is handed on: %q, %v", body, err)
		}
		w.Header().Set("X-Request-Id", "request of "+r.URL.Path)
		switch r.URL.Path {
		case "/v1/lookups":
			fmt.Fprintf(w, `{"lookupId":"%s"}`, first)
		case "/v1/refused":
			w.WriteHeader(http.StatusBadRequest)
		case "/email":
			http.SetCookie(w, &http.Cookie{Name: "__Host-answers", Value: "one"})
		case "/name":
			http.SetCookie(w, &http.Cookie{Name: "__Host-answers", Value: "two"})
		case "/check-answers":
			w.Header().Set("Lookup-Id", second)
		}
	})
	path := filepath.Join(t.TempDir(), "requests.jsonl")
	s, err := OpenRequests(path, answers, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	post := func(path, kind, cookie, body string) {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: "__Host-answers", Value: cookie})
		}
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	const form = "application/x-www-form-urlencoded"
	post("/v1/lookups", "application/json; charset=utf-8", "", `{"email":"a@example.com","firstName":"Zoë"}`)
	post("/v1/refused", "application/json", "", `{"email":"x"}`)
	post("/email", form, "", "email=b%40example.com")
	post("/name", form, "one", "firstName=Bob&lastName=Smith")
	post("/check-answers", form, "two", "shown=seal")
	for range 2 { // what was written is read again
		if g, ok := s.Of(first); !ok || fmt.Sprint(g.Fields) != "map[email:a@example.com firstName:Zoë]" || g.Requests[0] != "request of /v1/lookups" {
			t.Errorf("the API's: %+v", g)
		}
		if g, ok := s.Of(second); !ok || fmt.Sprint(g.Fields) != "map[email:b@example.com firstName:Bob lastName:Smith]" || g.Path != "/check-answers" {
			t.Errorf("the form's: %+v", g)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = OpenRequests(path, answers, func(err error) { t.Error(err) }); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.order) != 2 {
		t.Errorf("remembered: %v", s.order)
	}
	_ = s.Close()
}

func TestEveryRuleSaysWhatItJudges(t *testing.T) {
	for _, reason := range unlocking.Reasons() {
		now := judged[reason]
		if now == nil {
			t.Errorf("%s: add to judged in tell.go what it judges", reason)
			continue
		}
		if now(facts{}) == "" {
			t.Errorf("%s judges something without words", reason)
		}
	}
}
