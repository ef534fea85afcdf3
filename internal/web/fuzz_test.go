package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// formPaths are those that take a form.
var formPaths = []string{"/", "/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider", "/check-answers",
	"/no-match", "/helpdesk-request", "/clear-answers"}

// FuzzForm posts any body to any page as a form, from a browser that has answered every question or was told that nothing
// matched. Whatever it holds, the answer is a page or the way to the next, no failure of ours, and no text of a person
// becomes an element of it, there or where it leads.
func FuzzForm(f *testing.F) {
	f.Add(1, "email=ann%40example.com")
	f.Add(2, "firstName=%3Cscript%3E&lastName=O%27Example&nameChanged=yes&previousLastName=%F0%9F%98%80")
	f.Add(3, "dateOfBirth-day=31&dateOfBirth-month=Feb&dateOfBirth-year=1980")
	f.Add(6, "shown=x&%zz=;")
	f.Add(8, "note=%00%FF&note=again")
	statuses := []int{http.StatusOK, http.StatusSeeOther, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}
	// Answers travel in cookies, so every execution begins with a copy of a browser's.
	answered := newClient(f)
	answered.answerAll(nobody)
	told := answered.copied()
	told.post("/check-answers").leadsTo("/no-match")
	f.Fuzz(func(t *testing.T, page int, body string) {
		path := formPaths[uint(page)%uint(len(formPaths))]
		c := answered.copied()
		if path == "/no-match" || path == "/helpdesk-request" {
			c = told.copied()
		}
		c.t = t
		r := httptest.NewRequest(http.MethodPost, "https://trn.example.com"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		judge := func(a answer) {
			if !slices.Contains(statuses, a.StatusCode) {
				t.Errorf("%s: answered %d", path, a.StatusCode)
			}
			if strings.Contains(a.body, "<script>") || strings.Contains(a.Header.Get("Location"), "//") {
				t.Errorf("%s: answered %s to %s", path, a.body, a.Header.Get("Location"))
			}
		}
		a := c.send(r)
		judge(a)
		if a.StatusCode == http.StatusSeeOther {
			judge(c.get(a.Header.Get("Location")))
		}
	})
}
