package api

import (
	"encoding/json"
	"net/http"
	"strconv"

	"losttrn/internal/answer"
	"losttrn/internal/catalogue"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
)

// problem is an RFC 9457 answer. Code names the problem for programs; Detail is for people.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code"`
	Detail    string         `json:"detail"`
	RequestID string         `json:"requestId"`
	LookupID  string         `json:"lookupId,omitempty"`
	Errors    []fieldProblem `json:"errors,omitempty"`
}

// fieldProblem is the problem of one member of the request.
type fieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// refusal is an answer to a request that the API does not pass on to the use case.
type refusal struct {
	answer.Failure
	// why is the key of a more precise text than that of the failure's code, "" for none.
	why string
	// problems are those of the fields, if the fields are the reason.
	problems []fieldProblem
}

// Failures that only the API has.
var (
	malformedJSON   = answer.Failure{Status: http.StatusBadRequest, Code: "malformed_json"}
	invalidKey      = answer.Failure{Status: http.StatusBadRequest, Code: "invalid_idempotency_key"}
	unsupportedType = answer.Failure{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type"}
	invalidFields   = answer.Failure{Status: http.StatusUnprocessableEntity, Code: "invalid_fields"}
)

// write answers with a failure.
func write(w http.ResponseWriter, r *http.Request, f refusal, lookupID string) {
	why := f.why
	if why == "" {
		why = f.Code
	}
	f.SetRetryAfter(w.Header())
	writeJSON(w, f.Status, "application/problem+json", problem{
		Type: "about:blank", Title: http.StatusText(f.Status), Status: f.Status, Code: f.Code,
		Detail:    catalogue.English.Text("failure."+why+".detail", "minutes", strconv.Itoa(f.Minutes())),
		RequestID: gateway.RequestID(r.Context()), LookupID: lookupID, Errors: f.problems,
	})
}

// transportSecurity keeps a browser to HTTPS for two years.
const transportSecurity = "max-age=63072000; includeSubDomains"

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // impossible: plain structures
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Strict-Transport-Security", transportSecurity)
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // into memory
}

// fail answers for a request that the use case could not meet, and logs it.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error, lookupID string) {
	f := answer.Of(err)
	a.report(r, f, err, lookupID)
	write(w, r, refusal{Failure: f}, lookupID)
}

// refuse answers for a request that is not passed on to the use case, and logs it.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, refused *refusal, lookupID string) {
	a.report(r, refused.Failure, nil, lookupID)
	for _, p := range refused.problems {
		a.countProblem(p)
	}
	write(w, r, *refused, lookupID)
}

// notFound answers for a path that does not exist.
func (a *API) notFound(w http.ResponseWriter, r *http.Request) {
	a.refuse(w, r, &refusal{Failure: answer.NotFound}, "")
}

// ServePanic responds to a request whose handler panicked.
func ServePanic(w http.ResponseWriter, r *http.Request) {
	write(w, r, refusal{Failure: answer.Internal}, "")
}

// message returns a field's problem in words.
func message(field, code string) fieldProblem {
	p := lookup.Problem{Field: lookup.Field(field), Code: code}
	return fieldProblem{Field: field, Code: code, Message: catalogue.English.Text(p.Key())}
}

// misread returns the problem of a member that the API cannot read, whatever its name.
func misread(field, code string) fieldProblem {
	return fieldProblem{Field: field, Code: code, Message: catalogue.English.Text("error." + code)}
}
