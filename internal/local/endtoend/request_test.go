package endtoend_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

const valid = `"email":"a@example.com","firstName":"Ann","lastName":"Nobody","dateOfBirth":"1971-02-03"`

// TestEveryAnswerOfTheAPI sends each kind of bad request and looks at the answer.
func TestEveryAnswerOfTheAPI(t *testing.T) {
	w := common
	jsonHeader := map[string]string{"Content-Type": "application/json"}
	for name, test := range map[string]struct {
		method, path, body string
		header             map[string]string
		status             int
		code               string
		fields             []string // "field code", in any order
	}{
		"not JSON":         {body: "email=a", status: 400, code: "malformed_json"},
		"an array":         {body: "[]", status: 400, code: "malformed_json"},
		"two objects":      {body: "{" + valid + "}{}", status: 400, code: "malformed_json"},
		"cut short":        {body: "{" + valid, status: 400, code: "malformed_json"},
		"empty":            {body: "", status: 400, code: "malformed_json"},
		"invalid UTF-8":    {body: "{" + strings.Replace(valid, "Ann", "A\xffn", 1) + "}", status: 400, code: "malformed_json"},
		"duplicate member": {body: "{" + valid + `,"email":"b@example.com"}`, status: 400, code: "malformed_json"},
		"too large":        {body: "{" + valid + `,"middleName":"` + strings.Repeat("x", 100_000) + `"}`, status: 413, code: "too_large"},
		"wrong type":       {body: "{" + valid + "}", header: map[string]string{"Content-Type": "text/plain"}, status: 415, code: "unsupported_media_type"},
		"form type":        {body: "email=a", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, status: 415, code: "unsupported_media_type"},
		"bad key": {body: "{" + valid + "}", header: map[string]string{"Content-Type": "application/json", "Idempotency-Key": strings.Repeat("k", 256)},
			status: 400, code: "invalid_idempotency_key"},
		"unknown member": {body: "{" + valid + `,"surname":"x"}`, status: 422, code: "invalid_fields", fields: []string{"surname unknown_field"}},
		"a number":       {body: "{" + strings.Replace(valid, `"Ann"`, "5", 1) + "}", status: 422, code: "invalid_fields", fields: []string{"firstName not_text"}},
		"nothing given": {body: "{}", status: 422, code: "invalid_fields",
			fields: []string{"email missing", "firstName missing", "lastName missing", "dateOfBirth missing"}},
		"several at once": {body: `{"email":"nobody","firstName":null,"lastName":" ","dateOfBirth":"1990-02-30","nationalInsuranceNumber":"AB12","trn":"12","x":1}`,
			status: 422, code: "invalid_fields", fields: []string{"email invalid", "firstName missing", "lastName missing",
				"dateOfBirth not_real", "nationalInsuranceNumber invalid", "trn invalid", "x unknown_field"}},
		"a long name":      {body: "{" + strings.Replace(valid, "Ann", strings.Repeat("é", 101), 1) + "}", status: 422, code: "invalid_fields", fields: []string{"firstName too_long"}},
		"born tomorrow":    {body: "{" + strings.Replace(valid, "1971", "2971", 1) + "}", status: 422, code: "invalid_fields", fields: []string{"dateOfBirth in_future"}},
		"born 1899":        {body: "{" + strings.Replace(valid, "1971", "1899", 1) + "}", status: 422, code: "invalid_fields", fields: []string{"dateOfBirth not_real"}},
		"born lately":      {body: "{" + strings.Replace(valid, "1971", "2020", 1) + "}", status: 422, code: "invalid_fields", fields: []string{"dateOfBirth too_young"}},
		"date in British":  {body: "{" + strings.Replace(valid, "1971-02-03", "03/02/1971", 1) + "}", status: 422, code: "invalid_fields", fields: []string{"dateOfBirth wrong_form"}},
		"no such path":     {path: "/v1/teachers", body: "{}", status: 404, code: "not_found"},
		"no such method":   {method: http.MethodGet, status: 405, code: "method_not_allowed"},
		"unknown lookup":   {path: "/v1/lookups/00000000-0000-4000-8000-0000000000ff/helpdesk-requests", body: "{" + valid + "}", status: 404, code: "unknown_lookup"},
		"no lookup id":     {path: "/v1/lookups/1/helpdesk-requests", body: "{" + valid + "}", status: 404, code: "unknown_lookup"},
		"delete a request": {method: http.MethodDelete, path: "/v1/lookups/1/helpdesk-requests", status: 405, code: "method_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			method, path, header := test.method, test.path, test.header
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = "/v1/lookups"
			}
			if header == nil {
				header = jsonHeader
			}
			a := w.send(t, method, path, strings.NewReader(test.body), header)
			if a.status != test.status || a.decoded.Code != test.code {
				t.Fatalf("answered %d %s", a.status, a.body)
			}
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q", got)
			}
			if test.status == 405 && a.header.Get("Allow") != "POST" {
				t.Errorf("Allow %q", a.header.Get("Allow"))
			}
			var got []string
			for _, e := range a.decoded.Errors {
				got = append(got, e.Field+" "+e.Code)
				if e.Message == "" || strings.HasPrefix(e.Message, "error.") {
					t.Errorf("%s has no message", e.Field)
				}
			}
			slices.Sort(got)
			slices.Sort(test.fields)
			if !slices.Equal(got, test.fields) {
				t.Errorf("errors %v, want %v", got, test.fields)
			}
		})
	}
}

// TestNamesOfEveryKind are accepted, whatever they are; nobody has them.
func TestNamesOfEveryKind(t *testing.T) {
	w := common
	for _, name := range []string{"X", "李", "Ødegård", "O’Brien", "D'Arcy", "محمد", "Ñandú-Ibáñez", "Ann 👩‍🏫", "Nguyễn", "a\u0301", strings.Repeat("ł", 100)} {
		w.lookUp(t, map[string]any{"email": "names@example.com", "firstName": name, "lastName": name, "dateOfBirth": "1931-07-09",
			"trainingProvider": nil, "middleName": ""}, "no_match")
	}
}

// TestBase64Body: a body that the gateway passes on encoded is read all the same.
func TestBase64Body(t *testing.T) {
	w := common
	// The gateway encodes what is not text; a form post is answered by its type, which shows that it was decoded.
	a := w.send(t, http.MethodPost, "/v1/lookups", strings.NewReader(base64.StdEncoding.EncodeToString([]byte("x"))),
		map[string]string{"Content-Type": "application/octet-stream"})
	if a.status != http.StatusUnsupportedMediaType {
		t.Errorf("answered %d %s", a.status, a.body)
	}
}

func TestOpenAPI(t *testing.T) {
	a := common.send(t, http.MethodGet, "/v1/openapi.json", nil, nil)
	if a.status != http.StatusOK || !strings.Contains(a.body, `"openapi": "3.0`) {
		t.Errorf("answered %d", a.status)
	}
}

// TestAskingTheHelpdesk: kept once however often it is asked, acknowledged once, and only after no_match.
func TestAskingTheHelpdesk(t *testing.T) {
	w := common
	fields := map[string]any{"email": "lost@example.com", "firstName": "Lost", "lastName": "Teacher", "dateOfBirth": "1960-06-06",
		"trainingProvider": "Example University"}
	id := w.lookUp(t, fields, "no_match")
	if item := w.item(t, "lookups", "lookupId", id); len(item) != 5 {
		t.Errorf("a lookup that matched nothing holds %d attributes, want 5", len(item))
	}
	path := "/v1/lookups/" + id + "/helpdesk-requests"
	for range 3 {
		if a := w.post(t, path, fields, ""); a.status != http.StatusAccepted {
			t.Fatalf("answered %d %s", a.status, a.body)
		}
	}
	waiting.Until(t, "the request is acknowledged", func() bool {
		item := w.item(t, "lookups", "lookupId", id)
		return attribute.Text(item, "requestEmailedAt") != "" && attribute.Text(item, "ticketEmailedAt") != ""
	})
	w.settled(t)
	if got := w.sent(t, id); !slices.Equal(got, []string{"helpdesk_request", "helpdesk_ticket"}) {
		t.Errorf("emails: %v", got)
	}
	request := w.item(t, "helpdeskRequests", "lookupId", id)
	if attribute.Text(request, "why") != "no_match" || attribute.Text(attribute.Nested(request, "details"), "trainingProvider") != "Example University" {
		t.Error("the details were not kept")
	}

	p := w.newPerson(t, nil)
	matched := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.decided(t, matched)
	if a := w.post(t, "/v1/lookups/"+matched+"/helpdesk-requests", p.fields(p.email), ""); a.status != http.StatusConflict || a.decoded.Code != "not_no_match" {
		t.Errorf("answered %d %s", a.status, a.body)
	}
}

// TestSeveralRecords: the helpdesk decides, and the details are kept at once.
func TestSeveralRecords(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	twin := w.newPerson(t, func(i attribute.Item) {
		for _, name := range []string{"firstName", "lastName", "dateOfBirth", "nationalInsuranceNumber"} {
			i[name] = w.item(t, "teachers", "trn", p.trn)[name]
		}
	})
	id := w.lookUp(t, p.fields(p.email), "helpdesk")
	request := w.item(t, "helpdeskRequests", "lookupId", id)
	if got := attribute.Texts(request, "candidateTrns"); !slices.Contains(got, p.trn) || !slices.Contains(got, twin.trn) {
		t.Errorf("%d candidates are kept", len(got))
	}
	if !w.locked(t, p) || !w.locked(t, twin) {
		t.Error("an account was unlocked")
	}
}
