package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/catalogue"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
)

func TestOutcomes(t *testing.T) {
	for _, outcome := range []lookup.Outcome{lookup.TRNSent, lookup.NoMatch, lookup.Helpdesk} {
		c := newCaller(t)
		c.service.answer.Outcome = outcome
		a := c.post(lookupsPath, details(m{"trn": "7654321"}))
		want := `{"lookupId":"` + lookupID + `","reference":"` + lookup.Reference(lookupID) + `","outcome":"` + string(outcome) + "\"}\n"
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" || a.body != want {
			t.Errorf("%s: %d %s", outcome, a.status, a.body)
		}
	}
}

func TestHelpdeskRequestIsAccepted(t *testing.T) {
	c := newCaller(t)
	a := c.post(helpPath, details(nil))
	if a.status != http.StatusAccepted || a.body != `{"lookupId":"`+lookupID+`","reference":"`+lookup.Reference(lookupID)+"\"}\n" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestFailures: each kind of failure has its answer, and none of its text goes outside or into the log.
func TestFailures(t *testing.T) {
	const canary = "canary.person@example.com"
	cause := errors.New("cause " + canary)
	for _, test := range []struct {
		name   string
		err    error
		status int
		code   string
		retry  string
		logged string // code in the log
	}{
		{"limit", &lookup.LimitError{RetryAfter: 90*time.Second + 1}, 429, "too_many_requests", "91", "too_many_requests"},
		{"limit that ends now", &lookup.LimitError{RetryAfter: time.Millisecond}, 429, "too_many_requests", "1", "too_many_requests"},
		{"limit, wrapped", fmt.Errorf("read candidates: %w", &lookup.LimitError{RetryAfter: time.Hour}), 429, "too_many_requests", "3600", "too_many_requests"},
		{"throttled", fmt.Errorf("query: %w: %w", fault.Throttled, cause), 503, "unavailable", "5", "throttled"},
		{"unavailable", fmt.Errorf("query: %w: %w", fault.Unavailable, cause), 503, "unavailable", "5", "unavailable"},
		{"with a reason", fault.New(fault.Unavailable, "switch_unreadable"), 503, "unavailable", "5", "switch_unreadable"},
		{"not found", fault.New(fault.NotFound, "unknown_lookup"), 404, "unknown_lookup", "", "unknown_lookup"},
		{"conflict", fault.New(fault.Conflict, lookup.ReasonNotNoMatch), 409, "not_no_match", "", "not_no_match"},
		{"other details", fault.New(fault.Conflict, lookup.ReasonOtherDetails), 409, "other_details", "", "other_details"},
		{"of no kind", cause, 500, "internal", "", "internal"},
	} {
		for _, path := range []string{lookupsPath, helpPath} {
			if path == lookupsPath && (test.status == 404 || test.status == 409) {
				continue // a lookup cannot fail so
			}
			t.Run(path[len(lookupsPath):]+"/"+test.name, func(t *testing.T) {
				c := newCaller(t)
				c.service.err = test.err
				a := c.post(path, details(m{"email": canary}))
				p := c.problem(a)
				if a.status != test.status || p.Code != test.code || a.header.Get("Retry-After") != test.retry {
					t.Errorf("%d %s, Retry-After %q", a.status, p.Code, a.header.Get("Retry-After"))
				}
				if test.status >= 500 && p.LookupID != lookupID {
					t.Errorf("lookup id %q", p.LookupID)
				}
				log := c.log.String()
				if strings.Contains(a.body+fmt.Sprint(a.header)+log, "canary") {
					t.Errorf("the error's text went outside: %s\n%s", a.body, log)
				}
				if strings.Count(log, "\n") != 1 || !strings.Contains(log, `"code":"`+test.logged+`"`) {
					t.Errorf("log %q, want code %q", log, test.logged)
				}
				if !strings.Contains(log, `"requestId":"request-1"`) || !strings.Contains(log, lookupID) {
					t.Errorf("the log does not name the request and lookup: %s", log)
				}
			})
		}
	}
}

func TestPanicIsAProblem(t *testing.T) {
	c := newCaller(t)
	c.service.panics = "canary.person@example.com"
	a := c.post(lookupsPath, details(nil))
	if a.status != http.StatusInternalServerError || c.problem(a).Code != "internal" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if strings.Contains(a.body+c.log.String(), "canary") {
		t.Errorf("%s\n%s", a.body, &c.log)
	}
}

// TestRoutesAreTheDocuments: for every path of the document every method is answered as it says, and no other path
// is.
func TestRoutesAreTheDocuments(t *testing.T) {
	c := newCaller(t)
	methods := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodTrace, "PROPFIND"}
	for template, item := range c.doc.Paths.Map() {
		path := strings.ReplaceAll(template, "{lookupId}", lookupID)
		var allowed []string
		for method := range item.Operations() {
			allowed = append(allowed, method)
			if method == http.MethodGet {
				allowed = append(allowed, http.MethodHead)
			}
		}
		slices.Sort(allowed)
		for _, method := range methods {
			a := c.call(method, path, map[string]string{"content-type": "application/json"}, details(nil))
			if slices.Contains(allowed, method) {
				if a.status >= 300 {
					t.Errorf("%s %s: %d", method, path, a.status)
				}
				continue
			}
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != strings.Join(allowed, ", ") {
				t.Errorf("%s %s: %d, Allow %q, want %q", method, path, a.status, a.header.Get("Allow"), allowed)
			}
		}
	}
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/lookups/", "/v1/lookup", "/v2/lookups", "/V1/lookups", "/v1/lookups/" + lookupID,
		"/v1/lookups/" + lookupID + "/", helpPath + "/", "/v1/lookups//helpdesk-requests", "/v1/lookups/" + lookupID + "/other",
		"/v1/openapi.json/", "/v1/openapi", "//v1/lookups", "/v1//lookups", "/v1/lookups/a/b/helpdesk-requests"} {
		for _, method := range methods {
			a := c.call(method, path, map[string]string{"content-type": "application/json"}, details(nil))
			if a.status != http.StatusNotFound || method != http.MethodHead && c.problem(a).Code != "not_found" {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
	}
}

func TestHelpdeskRequestOfNoLookup(t *testing.T) {
	for _, id := range []string{"x", "5B1F6A52-3C0E-4B7E-9D54-0C8F6D2A7E11", lookupID + "0", strings.ReplaceAll(lookupID, "-", ""),
		"5b1f6a52-3c0e-1b7e-9d54-0c8f6d2a7e11", "%2e%2e", "%00", "prime"} {
		c := newCaller(t)
		a := c.post(lookupsPath+"/"+id+"/helpdesk-requests", details(nil))
		if a.status != http.StatusNotFound || c.problem(a).Code != "unknown_lookup" || c.service.called() > 0 {
			t.Errorf("%q: %d %s", id, a.status, a.body)
		}
	}
}

func TestTheDocumentIsServed(t *testing.T) {
	c := newCaller(t)
	if err := c.doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.doc.OpenAPI, "3.0.") {
		t.Errorf("OpenAPI %s", c.doc.OpenAPI)
	}
	a := c.call(http.MethodGet, openAPIPath, nil, "")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" || !strings.Contains(a.body, `"/v1/lookups"`) {
		t.Errorf("%d %s", a.status, a.header)
	}
	head := c.call(http.MethodHead, openAPIPath, nil, "")
	if head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Type") != "application/json" {
		t.Errorf("HEAD: %d %q", head.status, head.body)
	}
	if query := c.call(http.MethodGet, openAPIPath, map[string]string{"if-none-match": "x"}, ""); query.body != a.body {
		t.Error("the document varies")
	}
}

// TestTheDocumentKnowsTheFields: the document's members and the code's are the same, each with its length.
func TestTheDocumentKnowsTheFields(t *testing.T) {
	c := newCaller(t)
	schema := c.doc.Components.Schemas["Details"].Value
	required := map[string]bool{}
	for _, name := range schema.Required {
		required[name] = true
	}
	fields := lookup.Fields()
	if len(schema.Properties) != len(fields) {
		t.Errorf("%d members, want %d", len(schema.Properties), len(fields))
	}
	for _, field := range fields {
		property, ok := schema.Properties[string(field)]
		if !ok {
			t.Errorf("no member %s", field)
			continue
		}
		a := c.post(lookupsPath, details(m{string(field): nil}))
		if required[string(field)] != field.Required() {
			t.Errorf("%s: required %t in the document, %t in the table", field, required[string(field)], field.Required())
		}
		if missing := a.status == http.StatusUnprocessableEntity; missing != required[string(field)] || missing == property.Value.Nullable {
			t.Errorf("%s: absent gives %d; required %t, nullable %t", field, a.status, required[string(field)], property.Value.Nullable)
		}
		if longest := property.Value.MaxLength; longest != nil && field != lookup.FieldEmail {
			fits := c.post(lookupsPath, details(m{string(field): strings.Repeat("é", int(*longest))}))
			over := c.post(lookupsPath, details(m{string(field): strings.Repeat("é", int(*longest)+1)}))
			if fits.status != http.StatusOK || over.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d at %d characters, %d beyond", field, fits.status, *longest, over.status)
			}
		}
	}
}

// TestTheHelpdeskRequestHasTheSameFields: the document's two requests differ by the note alone.
func TestTheHelpdeskRequestHasTheSameFields(t *testing.T) {
	c := newCaller(t)
	lookups, help := c.doc.Components.Schemas["Details"].Value, c.doc.Components.Schemas["HelpdeskRequest"].Value
	if len(help.Properties) != len(lookups.Properties)+1 || help.Properties["note"] == nil || !slices.Equal(help.Required, lookups.Required) {
		t.Errorf("%d and %d members", len(lookups.Properties), len(help.Properties))
	}
	for name := range lookups.Properties {
		if help.Properties[name] == nil {
			t.Errorf("a request to the helpdesk has no %s", name)
		}
	}
}

// TestEveryFailureHasWords: every failure of the table is a code of the document, with words.
func TestEveryFailureHasWords(t *testing.T) {
	c := newCaller(t)
	for _, code := range c.doc.Components.Schemas["Problem"].Value.Properties["code"].Value.Enum {
		if key := fmt.Sprintf("failure.%s.detail", code); !catalogue.English.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
}
