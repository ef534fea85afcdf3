package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"losttrn/internal/catalogue"
	"losttrn/internal/fault"
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

	retryAfter time.Duration
	allow      string
}

// fieldProblem is what is wrong with one member of the request.
type fieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// unavailableRetry is how long a caller is asked to wait for a dependency that is down.
const unavailableRetry = 5 * time.Second

func (p problem) write(w http.ResponseWriter, r *http.Request) {
	p.Type = "about:blank"
	p.Title = http.StatusText(p.Status)
	p.RequestID = gateway.RequestID(r.Context())
	if p.retryAfter > 0 {
		seconds := int((p.retryAfter + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	if p.allow != "" {
		w.Header().Set("Allow", p.allow)
	}
	writeJSON(w, p.Status, "application/problem+json", p)
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

// answers maps each kind of failure to its answer. An error of no kind is answered by the last.
var answers = []struct {
	kind   error
	answer problem
}{
	{fault.NotFound, problem{Status: http.StatusNotFound, Code: "unknown_lookup", Detail: "There is no lookup with this id."}},
	{fault.Conflict, problem{Status: http.StatusConflict, Code: "not_no_match",
		Detail: "The helpdesk can only be asked after a lookup whose outcome was no_match."}},
	{fault.Throttled, problem{Status: http.StatusServiceUnavailable, Code: "unavailable", retryAfter: unavailableRetry,
		Detail: "The service is busy. The same request with the same Idempotency-Key is safe to repeat: nothing is done twice."}},
	{fault.Unavailable, problem{Status: http.StatusServiceUnavailable, Code: "unavailable", retryAfter: unavailableRetry,
		Detail: "A dependency is down. The same request with the same Idempotency-Key is safe to repeat: nothing is done twice."}},
}

func problemOf(err error, lookupID string) problem {
	var limit *lookup.LimitError
	if errors.As(err, &limit) {
		return problem{Status: http.StatusTooManyRequests, Code: "too_many_requests", retryAfter: limit.RetryAfter,
			Detail: "Too many lookups were made lately. Try again later."}
	}
	for _, a := range answers {
		if errors.Is(err, a.kind) {
			a.answer.LookupID = lookupID
			return a.answer
		}
	}
	return problem{Status: http.StatusInternalServerError, Code: "internal", LookupID: lookupID,
		Detail: "Something went wrong."}
}

// NotFound answers for a path that there is not.
func NotFound(w http.ResponseWriter, r *http.Request) {
	problem{Status: http.StatusNotFound, Code: "not_found", Detail: "There is no such path."}.write(w, r)
}

// Failed answers for a request whose handler failed in a way that it did not foresee.
func Failed(w http.ResponseWriter, r *http.Request) {
	problemOf(errors.New("panic"), "").write(w, r)
}

func methodNotAllowed(w http.ResponseWriter, r *http.Request, allow string) {
	problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", allow: allow,
		Detail: "This path takes " + allow + "."}.write(w, r)
}

func invalidFields(errs []fieldProblem) *problem {
	return &problem{Status: http.StatusUnprocessableEntity, Code: "invalid_fields",
		Detail: "Some fields are missing or not valid; errors has all of them.", Errors: errs}
}

func message(e lookup.FieldError) fieldProblem {
	return fieldProblem{Field: string(e.Field), Code: e.Code, Message: catalogue.English.Text(e.Key())}
}
