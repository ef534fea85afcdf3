package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"losttrn/internal/web/webtest"
)

const wrongEmail = "Enter an email address in the correct format, like name@example.com"

// messages are inputs that are refused: what was posted, the messages, and the inputs to mend.
var messages = []struct {
	path     string
	posted   []string
	messages []string
	inputs   []string // the first of each message's, in order
}{
	{"/email", []string{"email", ""}, []string{"Enter an email address"}, []string{"email"}},
	{"/email", []string{"email", " \u00a0 "}, []string{"Enter an email address"}, []string{"email"}},
	{"/email", []string{"email", "amara"}, []string{wrongEmail}, []string{"email"}},
	{"/email", []string{"email", `"<script>"@example.com`}, []string{wrongEmail}, []string{"email"}},
	{"/email", []string{"email", strings.Repeat("a", 250) + "@example.com"}, []string{wrongEmail}, []string{"email"}},
	{"/name", []string{"firstName", "", "lastName", ""},
		[]string{"Enter your first name", "Enter your last name"}, []string{"firstName", "lastName"}},
	{"/name", []string{"firstName", strings.Repeat("é", 101), "lastName", strings.Repeat("y", 101), "nameChanged", "yes",
		"previousFirstName", strings.Repeat("x", 101), "previousLastName", strings.Repeat("z", 101)},
		[]string{"First name must be 100 characters or fewer", "Last name must be 100 characters or fewer",
			"Previous first name must be 100 characters or fewer", "Previous last name must be 100 characters or fewer"},
		[]string{"firstName", "lastName", "previousFirstName", "previousLastName"}},
	dateOfBirth("", "", "", "Enter your date of birth", "day"),
	dateOfBirth("", "3", "1985", "Date of birth must include a day", "day"),
	dateOfBirth("31", "", "1985", "Date of birth must include a month", "month"),
	dateOfBirth("31", "3", "", "Date of birth must include a year", "year"),
	dateOfBirth("31", "3", "85", "Year must include 4 numbers", "year"),
	dateOfBirth("", "", "1985", "Date of birth must include a day and month", "day"),
	dateOfBirth("31", "", "", "Date of birth must include a month and year", "month"),
	dateOfBirth("31", "2", "1985", "Date of birth must be a real date", "day"),
	dateOfBirth("31", "Smarch", "1985", "Date of birth must be a real date", "day"),
	dateOfBirth("31", "12", "1899", "Date of birth must be a real date", "day"),
	dateOfBirth("1", "1", "2030", "Date of birth must be in the past", "day"),
	dateOfBirth("22", "11", "2026", "Date of birth must be in the past", "day"), // today
	dateOfBirth("23", "11", "2010", "You must be 16 or over to use this service", "day"),
	{"/national-insurance-number", []string{"nationalInsuranceNumber", "QQ 12 34 56 Z"},
		[]string{"Enter a National Insurance number in the correct format, or continue without it"}, []string{"nationalInsuranceNumber"}},
	{"/training-provider", []string{"trainingProvider", strings.Repeat("x", 201)},
		[]string{"Training provider must be 200 characters or fewer"}, []string{"trainingProvider"}},
}

func dateOfBirth(day, month, year, message, input string) struct {
	path             string
	posted           []string
	messages, inputs []string
} {
	return struct {
		path             string
		posted           []string
		messages, inputs []string
	}{"/date-of-birth", []string{"dateOfBirth-day", day, "dateOfBirth-month", month, "dateOfBirth-year", year},
		[]string{message}, []string{"dateOfBirth-" + input}}
}

func TestEveryMessageIsInTheSummaryAndAtItsField(t *testing.T) {
	for _, test := range messages {
		t.Run(test.path+" "+test.messages[0], func(t *testing.T) {
			c := newClient(t)
			for _, path := range history[:slices.Index(history, test.path)] {
				c.post(path, nobody.Fields(path)...)
			}
			page := c.post(test.path, test.posted...)
			if page.StatusCode != http.StatusUnprocessableEntity {
				t.Fatalf("status %d", page.StatusCode)
			}
			if title := page.One("title", ""); !strings.HasPrefix(title, "Error: ") {
				t.Errorf("title %q", title)
			}
			if heading := page.One("h2", "class=govuk-error-summary__title"); heading != "There is a problem" {
				t.Errorf("summary %q", heading)
			}
			var summary, links, atFields []string
			for _, link := range page.summary() {
				summary, links = append(summary, webtest.Text(link)), append(links, strings.TrimPrefix(webtest.Attr(link, "href"), "#"))
			}
			for _, message := range page.All("p", "class=govuk-error-message") {
				atFields = append(atFields, strings.TrimPrefix(webtest.Text(message), "Error: "))
			}
			if !slices.Equal(summary, test.messages) || !slices.Equal(links, test.inputs) || !slices.Equal(atFields, test.messages) {
				t.Errorf("summary %q to %q, at fields %q", summary, links, atFields)
			}
			for i := 0; i < len(test.posted); i += 2 {
				name, typed := test.posted[i], test.posted[i+1]
				if name != "nameChanged" && page.value(name) != typed {
					t.Errorf("%s shows %q, typed %q", name, page.value(name), typed)
				}
			}
			for i, input := range test.inputs {
				describes(t, page, input, test.messages[i])
			}
			c.get(test.path).is(http.StatusOK, page.One("h1", "")) // nothing was kept
			if c.get("/check-answers").Header.Get("Location") != test.path {
				t.Error("the question counts as answered")
			}
		})
	}
}

// describes checks that an input, or the group that it belongs to, is described by a message.
func describes(t *testing.T, page answer, input, message string) {
	t.Helper()
	for node := page.All("input", "id="+input)[0]; node != nil; node = node.Parent {
		for _, id := range strings.Fields(webtest.Attr(node, "aria-describedby")) {
			for _, described := range page.All("p", "id="+id) {
				if webtest.Text(described) == "Error: "+message {
					return
				}
			}
		}
	}
	t.Errorf("%s is not described by %q", input, message)
}

func TestWhatIsAccepted(t *testing.T) {
	for _, test := range []struct{ path, name, typed string }{
		{"/email", "email", " amara+trn@example.com\u00a0"},
		{"/email", "email", "+amara@example.com"},
		{"/date-of-birth", "dateOfBirth-month", "september"},
		{"/date-of-birth", "dateOfBirth-month", "Sept"},
		{"/date-of-birth", "dateOfBirth-day", "\uff12\uff12"}, // full-width digits
		{"/date-of-birth", "dateOfBirth-day", strings.Repeat(" ", 5000) + "22"},
		{"/national-insurance-number", "nationalInsuranceNumber", ""},
		{"/national-insurance-number", "nationalInsuranceNumber", "qq-12.34 56c"},
		{"/national-insurance-number", "nationalInsuranceNumber", "QQ" + strings.Repeat(".", 5000) + "123456C"},
		{"/training-provider", "trainingProvider", ""},
	} {
		c := newClient(t)
		for _, path := range history[:slices.Index(history, test.path)] {
			c.post(path, nobody.Fields(path)...)
		}
		fields := nobody.Fields(test.path)
		fields[slices.Index(fields, test.name)+1] = test.typed
		if page := c.post(test.path, fields...); page.StatusCode != http.StatusSeeOther {
			t.Errorf("%s %.40q: %d %s", test.path, test.typed, page.StatusCode, page.One("ul", ""))
		}
	}
}

// catalogueKey is what a page shows in place of a text that the catalogue lacks.
var catalogueKey = regexp.MustCompile(`^[a-z][A-Za-z]*(\.[A-Za-z0-9_-]+)+$`)

func TestNoTextIsMissing(t *testing.T) {
	seen := func(page answer) {
		for node := range page.Root.Descendants() {
			if node.Type == html.TextNode && catalogueKey.MatchString(node.Data) {
				t.Errorf("%s shows %q", page.One("h1", ""), node.Data)
			}
		}
	}
	c := newClient(t)
	for _, path := range []string{"/", "/cookies", "/accessibility", "/privacy", "/nowhere"} {
		seen(c.get(path))
	}
	for _, path := range history {
		seen(c.get(path))
		c.post(path, nobody.Fields(path)...)
	}
	seen(c.get("/check-answers"))
	c.post("/check-answers")
	seen(c.get("/no-match"))
	c.post("/helpdesk-request")
	seen(c.get("/helpdesk-request"))
	c.answerAll(amara)
	c.post("/check-answers")
	seen(c.get("/trn-found"))
}
