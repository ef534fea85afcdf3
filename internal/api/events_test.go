package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/local/sample"
	"losttrn/internal/lookup"
)

const eventsFolder = "../../functions/lookup/events"

func readEvent(t *testing.T, name string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(eventsFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEvents answers every event that is kept for invoking the function with.
func TestEvents(t *testing.T) {
	wants := map[string]struct {
		outcome lookup.Outcome
		status  int
		body    string // a part of it
	}{
		"found.json":            {lookup.TRNSent, 200, `"outcome":"trn_sent"`},
		"base64-body.json":      {lookup.TRNSent, 200, `"outcome":"trn_sent"`},
		"no-match.json":         {lookup.NoMatch, 200, `"outcome":"no_match"`},
		"helpdesk-request.json": {"", 202, `"lookupId":`},
		"invalid-fields.json":   {"", 422, `"code":"invalid_fields"`},
		"malformed.json":        {"", 400, `"code":"malformed_json"`},
		"openapi.json":          {"", 200, `"openapi": "3.0`},
	}
	files, err := os.ReadDir(eventsFolder)
	if err != nil {
		t.Fatal(err)
	}
	api := 0
	for _, file := range files {
		e := readEvent(t, file.Name())
		if !strings.HasPrefix(e.RawPath, "/v1/") {
			continue // of the pages
		}
		api++
		t.Run(file.Name(), func(t *testing.T) {
			want, ok := wants[file.Name()]
			if !ok {
				t.Fatal("no outcome is expected of this event")
			}
			if e.Version != "2.0" || e.RouteKey != "$default" || e.RequestContext.Stage != "$default" || e.RequestContext.HTTP.SourceIP == "" ||
				e.RequestContext.RequestID == "" || e.RequestContext.HTTP.Path != e.RawPath {
				t.Error("not as API Gateway sends events of this stack")
			}
			c := newCaller(t)
			c.service.answer.Outcome = want.outcome
			a := c.send(e)
			if a.status != want.status || !strings.Contains(a.body, want.body) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	if api != len(wants) {
		t.Errorf("%d events, want %d", api, len(wants))
	}
}

// TestEventsOfPeople: who is found is a person of the sample register, and who is not is none.
func TestEventsOfPeople(t *testing.T) {
	people := sample.People()
	for name, known := range map[string]bool{"found.json": true, "base64-body.json": true, "no-match.json": false, "helpdesk-request.json": false} {
		c := newCaller(t)
		if a := c.send(readEvent(t, name)); a.status >= 300 {
			t.Fatalf("%s: %d", name, a.status)
		}
		r := slices.Concat(c.service.lookups, c.service.helped)[0]
		is := slices.ContainsFunc(people, func(p sample.Person) bool {
			return p.FirstName == r.Query.FirstName && p.LastName == r.Query.LastName && p.DateOfBirth == r.Query.DateOfBirth.ISO() &&
				p.NINO == r.Query.NINO.Normalised() && p.Email == r.Query.Email.Typed()
		})
		if is != known {
			t.Errorf("%s: a person of the sample register: %t", name, is)
		}
		if r.Source != "203.0.113.10" {
			t.Errorf("%s: source %q", name, r.Source)
		}
		if name == "base64-body.json" && (r.IdempotencyKey == "" || r.Query.MiddleName != "Siân") {
			t.Errorf("%s: %q %q", name, r.IdempotencyKey, r.Query.MiddleName)
		}
	}
}

func TestEventOfTheDocumentIsAGet(t *testing.T) {
	if e := readEvent(t, "openapi.json"); e.RequestContext.HTTP.Method != http.MethodGet {
		t.Errorf("method %s", e.RequestContext.HTTP.Method)
	}
}
