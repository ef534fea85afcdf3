package api

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

//go:embed openapi.json
var openAPI []byte

// Service is the use case behind the API.
type Service interface {
	Lookup(ctx context.Context, r lookup.Request) (lookup.Answer, error)
	RequestHelp(ctx context.Context, lookupID string, r lookup.Request) error
}

// API is the JSON face, an http.Handler. It is safe for concurrent use.
type API struct {
	service Service
	clock   func() time.Time
	log     *slog.Logger
}

// New is the face of a service.
func New(service Service, clock func() time.Time, log *slog.Logger) *API {
	return &API{service, clock, log}
}

// ServeHTTP routes. Paths are few and fixed, so they are told apart by hand, and every error has one shape.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case len(path) == 2 && path[0] == "v1" && path[1] == "lookups":
		allowed(w, r, a.lookup, http.MethodPost)
	case len(path) == 4 && path[0] == "v1" && path[1] == "lookups" && path[2] != "" && path[3] == "helpdesk-requests":
		allowed(w, r, func(w http.ResponseWriter, r *http.Request) { a.requestHelp(w, r, path[2]) }, http.MethodPost)
	case len(path) == 2 && path[0] == "v1" && path[1] == "openapi.json":
		allowed(w, r, serveOpenAPI, http.MethodGet, http.MethodHead)
	default:
		NotFound(w, r)
	}
}

func allowed(w http.ResponseWriter, r *http.Request, handle http.HandlerFunc, methods ...string) {
	for _, method := range methods {
		if r.Method == method {
			handle(w, r)
			return
		}
	}
	methodNotAllowed(w, r, strings.Join(methods, ", "))
}

func (a *API) lookup(w http.ResponseWriter, r *http.Request) {
	request, failed := a.read(r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	answer, err := a.service.Lookup(r.Context(), request)
	if err != nil {
		a.fail(w, r, err, answer.LookupID)
		return
	}
	writeJSON(w, http.StatusOK, "application/json", struct {
		LookupID  string         `json:"lookupId"`
		Reference string         `json:"reference"`
		Outcome   lookup.Outcome `json:"outcome"`
	}{answer.LookupID, lookup.Reference(answer.LookupID), answer.Outcome})
}

func (a *API) requestHelp(w http.ResponseWriter, r *http.Request, lookupID string) {
	request, failed := a.read(r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	if !lookup.IsID(lookupID) {
		a.fail(w, r, fault.NotFound, "")
		return
	}
	if err := a.service.RequestHelp(r.Context(), lookupID, request); err != nil {
		a.fail(w, r, err, lookupID)
		return
	}
	writeJSON(w, http.StatusAccepted, "application/json", struct {
		LookupID  string `json:"lookupId"`
		Reference string `json:"reference"`
	}{lookupID, lookup.Reference(lookupID)})
}

// read reads and checks a request.
func (a *API) read(r *http.Request) (lookup.Request, *problem) {
	key := r.Header.Get("Idempotency-Key")
	if _, given := r.Header["Idempotency-Key"]; given && !printable(key) {
		return lookup.Request{}, &problem{Status: http.StatusBadRequest, Code: "invalid_idempotency_key",
			Detail: "Idempotency-Key must be 1 to 255 printable characters."}
	}
	q, failed := readQuery(r, teacher.LondonDate(a.clock()))
	if failed != nil {
		return lookup.Request{}, failed
	}
	return lookup.Request{Query: q, IdempotencyKey: key, Source: gateway.SourceAddress(r)}, nil
}

// printable tells whether a text is 1 to 255 printable ASCII characters, which is all that a header carries
// unchanged.
func printable(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, err error, lookupID string) {
	p := problemOf(err, lookupID)
	if p.Status >= http.StatusInternalServerError {
		a.log.ErrorContext(r.Context(), "request failed", "code", fault.Reason(err), "status", p.Status,
			"lookupId", lookupID, "requestId", gateway.RequestID(r.Context()), cloud.Cause(err))
	}
	p.write(w, r)
}

func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Header().Set("Strict-Transport-Security", transportSecurity)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(openAPI) // into memory
}
