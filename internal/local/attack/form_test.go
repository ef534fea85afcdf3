package attack_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// journey is a visit to the form. It may be taken up again where it was, with the cookies of then.
type journey struct {
	t       testing.TB
	w       *fixture
	cookies map[string]string
}

// answer posts a page's fields and returns where that leads, with the journey that goes on from there.
func (j journey) answer(path string, fields map[string]string) (string, journey) {
	to := answered(j.t, func() (next step, status int) {
		next.path, next.journey, status = j.post(path, fields)
		return next, status
	})
	return to.path, to.journey
}

// step is where an answer leads.
type step struct {
	path string
	journey
}

func (j journey) post(path string, fields map[string]string) (to string, after journey, status int) {
	posted := url.Values{}
	for name, value := range fields {
		posted.Set(name, value)
	}
	r, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.w.Gateway+path, strings.NewReader(posted.Encode()))
	if err != nil {
		j.t.Error(err)
		return "", j, 0
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	next := journey{j.t, j.w, map[string]string{}}
	for name, value := range j.cookies { // they are marked secure, so that no jar would send them here
		r.AddCookie(&http.Cookie{Name: name, Value: value})
		next.cookies[name] = value
	}
	client := j.w.from()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(r)
	if err != nil {
		j.t.Error(err)
		return "", j, 0
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther && response.StatusCode < http.StatusInternalServerError {
		j.t.Errorf("%s: %d", path, response.StatusCode)
	}
	for _, cookie := range response.Cookies() {
		next.cookies[cookie.Name] = cookie.Value
	}
	return response.Header.Get("Location"), next, response.StatusCode
}

func day(iso string) map[string]string {
	date, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic(err)
	}
	return map[string]string{"dateOfBirth-day": date.Format("2"), "dateOfBirth-month": date.Format("1"), "dateOfBirth-year": date.Format("2006")}
}

// replay goes through the form up to a page, and returns what tries a value there: each time with the cookie of the
// first. It reports whether the form skips what it would ask next, which tells that one record matched.
func (w *fixture) replay(t testing.TB, page string, known map[string]string) func(try map[string]string) bool {
	at := journey{t, w, map[string]string{}}
	_, at = at.answer("/email", map[string]string{"email": known[email]})
	_, at = at.answer("/name", map[string]string{"firstName": known[first], "lastName": known[last], "nameChanged": "prefer-not-to-say"})
	if page != "/date-of-birth" {
		_, at = at.answer("/date-of-birth", day(known[born]))
	}
	sent := false
	return func(try map[string]string) bool {
		fields := map[string]string{"nationalInsuranceNumber": try[nino]}
		if page == "/date-of-birth" {
			fields = day(try[born])
		}
		next, after := at.answer(page, fields)
		if next != "/check-answers" {
			return false
		}
		if sent { // the mailbox's 40 requests an hour are for trying
			return true
		}
		sent = true
		if result, _ := after.answer("/check-answers", nil); result != "/trn-found" {
			t.Errorf("%s: an early match led to %s", page, result)
		}
		return true
	}
}
