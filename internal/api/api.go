package api

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"losttrn/internal/answer"
	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/metric"
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
	metrics Metrics
}

// Metrics takes figures about the API.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
	Seconds(name string, took time.Duration, dimensions ...metric.Dimension)
}

// New returns the JSON face of a service.
func New(service Service, clock func() time.Time, log *slog.Logger, metrics Metrics) *API {
	return &API{service, clock, log, metrics}
}

// face names the API in logs and figures.
const face = "api"

// report logs and counts a request that failed or was refused.
func (a *API) report(r *http.Request, f answer.Failure, err error, lookupID string) {
	f.Log(r.Context(), a.log, face, err, lookupID)
	a.metrics.Count("failures", 1, metric.By("face", face), metric.By("code", f.Code))
}

// countProblem counts a field's problem. An unknown member is counted without its name, because a person may have typed
// it.
func (a *API) countProblem(p fieldProblem) {
	field := "unknown"
	if name := lookup.Field(p.Field); name.Known() || name == lookup.FieldNote {
		field = p.Field
	}
	a.metrics.Count("fieldProblems", 1, metric.By("face", face), metric.By("field", field), metric.By("code", p.Code))
}

// ServeHTTP routes a request. The few fixed paths are routed by hand, so that every error, also of routing, is a
// problem document.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case len(path) == 2 && path[0] == "v1" && path[1] == "lookups":
		a.allow(w, r, a.lookup, http.MethodPost)
	case len(path) == 4 && path[0] == "v1" && path[1] == "lookups" && path[2] != "" && path[3] == "helpdesk-requests":
		a.allow(w, r, func(w http.ResponseWriter, r *http.Request) { a.requestHelp(w, r, path[2]) }, http.MethodPost)
	case len(path) == 2 && path[0] == "v1" && path[1] == "openapi.json":
		a.allow(w, r, serveOpenAPI, http.MethodGet, http.MethodHead)
	default:
		a.notFound(w, r)
	}
}

// allow handles a request if its method is one of those that the path takes.
func (a *API) allow(w http.ResponseWriter, r *http.Request, handle http.HandlerFunc, methods ...string) {
	for _, method := range methods {
		if r.Method == method {
			handle(w, r)
			return
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	a.refuse(w, r, &refusal{Failure: answer.MethodNotAllowed}, "")
}

func (a *API) lookup(w http.ResponseWriter, r *http.Request) {
	began := a.clock()
	request, refused := a.read(r, false)
	if refused != nil {
		a.refuse(w, r, refused, "")
		return
	}
	answer, err := a.service.Lookup(r.Context(), request)
	if err != nil {
		a.fail(w, r, err, answer.LookupID)
		return
	}
	a.metrics.Seconds("requestSeconds", a.clock().Sub(began), metric.By("face", face), metric.By("outcome", string(answer.Outcome)))
	writeJSON(w, http.StatusOK, "application/json", struct {
		LookupID  string         `json:"lookupId"`
		Reference string         `json:"reference"`
		Outcome   lookup.Outcome `json:"outcome"`
	}{answer.LookupID, lookup.Reference(answer.LookupID), answer.Outcome})
}

func (a *API) requestHelp(w http.ResponseWriter, r *http.Request, lookupID string) {
	request, refused := a.read(r, true)
	if refused != nil {
		a.refuse(w, r, refused, "")
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

// read reads and checks a request. A request to the helpdesk may contain a note.
func (a *API) read(r *http.Request, help bool) (lookup.Request, *refusal) {
	key := r.Header.Get("Idempotency-Key")
	if _, given := r.Header["Idempotency-Key"]; given && !printable(key) {
		return lookup.Request{}, &refusal{Failure: invalidKey}
	}
	request, refused := readRequest(r, teacher.LondonDate(a.clock()), help)
	if refused != nil {
		return lookup.Request{}, refused
	}
	request.IdempotencyKey, request.Source = key, gateway.SourceAddress(r)
	return request, nil
}

// printable reports whether a text is 1 to 255 printable ASCII characters, which is all that a header carries
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

func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Header().Set("Strict-Transport-Security", transportSecurity)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(openAPI) // into memory
}
