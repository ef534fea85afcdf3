package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/web/webtest"
)

// TestEveryFieldOfTheFormIsAskedAndShown: each field that the form asks for has its inputs on exactly one question's
// page, comes back there as it was typed, is shown on the check page, and reaches the lookup. The other fields have no
// input anywhere.
func TestEveryFieldOfTheFormIsAskedAndShown(t *testing.T) {
	given := map[string]string{"email": "field@example.com", "firstName": "Fieldfirst", "lastName": "Fieldlast", "previousFirstName": "Fieldoldfirst",
		"previousLastName": "Fieldoldlast", "dateOfBirth-day": "3", "dateOfBirth-month": "4", "dateOfBirth-year": "1983",
		"nationalInsuranceNumber": "QQ765432D", "trainingProvider": "Fieldprovider"}
	c := newClient(t)
	asked := map[string][]string{} // input → pages
	for _, path := range history {
		page := c.get(path)
		fields := []string{"nameChanged", "yes"}
		for _, input := range page.All("input", "") {
			name := webtest.Attr(input, "name")
			if value, ok := given[name]; ok {
				fields = append(fields, name, value)
			}
			if !slices.Contains(asked[name], path) {
				asked[name] = append(asked[name], path)
			}
		}
		c.post(path, fields...)
	}
	list := c.get("/check-answers").One("dl", "")
	for _, field := range lookup.Fields() {
		for _, input := range field.Inputs() {
			if want := map[bool]int{true: 1}[field.InForm()]; len(asked[input]) != want {
				t.Errorf("%s is asked on %v", input, asked[input])
			}
			if !field.InForm() {
				continue
			}
			if given[input] == "" {
				t.Errorf("the test gives no %s", input)
			}
			if !strings.Contains(list, given[input]) && input != "dateOfBirth-month" { // which is shown by its name
				t.Errorf("%s is not shown on the check page: %s", input, list)
			}
			if len(asked[input]) == 1 && c.get(asked[input][0]).value(input) != given[input] {
				t.Errorf("%s does not come back", input)
			}
		}
	}
	c.post("/check-answers").leadsTo("/no-match")
	c.post("/helpdesk-request").leadsTo("/helpdesk-request")
	query := c.stand.HelpdeskRequests()[0].Query
	for _, field := range lookup.Fields() {
		if (query.Text(field) != "") != field.InForm() {
			t.Errorf("the lookup's %s is %q", field, query.Text(field))
		}
	}
}

// TestTheEarlyMatchKnowsEveryAnswer: what has been answered so far is what is asked about, whichever fields that are.
func TestTheEarlyMatchKnowsEveryAnswer(t *testing.T) {
	c := newClient(t)
	c.post("/email", "email", "field@example.com")
	c.post("/name", "firstName", "A", "lastName", "B", "nameChanged", "yes", "previousFirstName", "C", "previousLastName", "D")
	c.post("/date-of-birth", "dateOfBirth-day", "3", "dateOfBirth-month", "4", "dateOfBirth-year", "1983")
	c.post("/national-insurance-number", "nationalInsuranceNumber", "QQ765432D")
	peeked := c.stand.Peeked()
	for _, field := range lookup.Fields() {
		want := field.InForm() && field != lookup.FieldTrainingProvider // which is the last question: there is nothing left to skip
		if got := peeked.Text(field) != ""; got != want {
			t.Errorf("%s is given: %t, want %t", field, got, want)
		}
	}
}

var (
	literalKey = regexp.MustCompile(`(?:[tT]ext|Numbered|frame|find)\("([a-z][A-Za-z_]*(?:\.[A-Za-z0-9_]+)*\.?)"`)
	labelKey   = regexp.MustCompile(`(?:Label|Hint): "([^"]+)"`)
	partKey    = regexp.MustCompile(`@datePart\(f, "[^"]+", "([^"]+)"`)
	titleKey   = regexp.MustCompile(`"([a-zA-Z]+\.title)"`)
)

// TestEveryTextIsInTheCatalogueAndUsed: each key that the pages name is there, and each key that is there is named, by
// itself or by the beginning that the code puts before a number, field, code or section.
func TestEveryTextIsInTheCatalogueAndUsed(t *testing.T) {
	named := map[string]bool{}
	for _, pattern := range []string{"*.go", "page/*.templ", "page/*.go", "../api/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, expression := range []*regexp.Regexp{literalKey, labelKey, partKey, titleKey} {
				for _, found := range expression.FindAllStringSubmatch(string(source), -1) {
					named[found[1]] = true
				}
			}
		}
	}
	beginnings := []string{"error.", "failure.", "month.", "phase.", "cookies.", "accessibility.", "privacy.", "check.", "cleared."}
	for key := range named {
		if strings.HasSuffix(key, ".") {
			beginnings = append(beginnings, key)
			if !slices.ContainsFunc(catalogue.English.Keys(), func(k string) bool { return strings.HasPrefix(k, key) }) {
				t.Errorf("the catalogue has nothing that begins with %q", key)
			}
			continue
		}
		if !catalogue.English.Has(key) && !slices.Contains(beginnings, key+".") && !strings.HasPrefix(key, "error") {
			t.Errorf("the catalogue has no %q", key)
		}
	}
	if len(named) < 60 {
		t.Errorf("only %d keys were found in the sources", len(named))
	}
	for _, key := range catalogue.English.Keys() {
		if !named[key] && !slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) }) {
			t.Errorf("nothing names %q", key)
		}
	}
}

// TestEveryFailureHasItsPage: whatever the table of failures answers, the form has words for.
func TestEveryFailureHasItsPage(t *testing.T) {
	for _, code := range []string{"not_found", "method_not_allowed", "forbidden", "too_large", "too_many_requests", "unavailable", "internal",
		"expired", "no_cookies"} {
		for _, part := range []string{".title", ".body.1"} {
			if key := "failure." + code + part; !catalogue.English.Has(key) && code != "too_many_requests" {
				t.Errorf("no %s", key)
			}
		}
	}
	c := newClient(t)
	c.get("/nowhere").is(http.StatusNotFound, catalogue.English.Text("failure.not_found.title"))
}

// TestTheDesignNamesTests: a test that DESIGN.md says holds a promise is there.
func TestTheDesignNamesTests(t *testing.T) {
	design, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	browsers, err := filepath.Glob("browsertest/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range append(files, browsers...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(source)
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(string(design), -1)
	if len(named) < 20 {
		t.Errorf("DESIGN.md names %d tests", len(named))
	}
	for _, name := range named {
		if !strings.Contains(all.String(), "func "+name[1]+"(") {
			t.Errorf("DESIGN.md names %s, and there is no such test", name[1])
		}
	}
}
