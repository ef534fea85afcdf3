package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"losttrn/internal/api"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/metric"
)

const (
	lookupsPath = "/v1/lookups"
	lookupID    = "5b1f6a52-3c0e-4b7e-9d54-0c8f6d2a7e11"
	helpPath    = lookupsPath + "/" + lookupID + "/helpdesk-requests"
	openAPIPath = "/v1/openapi.json"
)

// noon is the time of every request.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// service is a use case that answers the same to all, and keeps what it was asked.
type service struct {
	answer lookup.Answer
	err    error
	panics any

	mu      sync.Mutex
	lookups []lookup.Request
	helped  []lookup.Request
	helpIDs []string
}

func (s *service) Lookup(_ context.Context, r lookup.Request) (lookup.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.panics != nil {
		panic(s.panics)
	}
	s.lookups = append(s.lookups, r)
	return s.answer, s.err
}

func (s *service) RequestHelp(_ context.Context, id string, r lookup.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.helped, s.helpIDs = append(s.helped, r), append(s.helpIDs, id)
	return s.err
}

func (s *service) called() int { return len(s.lookups) + len(s.helped) }

// caller calls the API as API Gateway does, and checks every answer against the OpenAPI document and against what
// all answers have in common.
type caller struct {
	t       *testing.T
	service *service
	log     bytes.Buffer
	figures bytes.Buffer
	handle  func(context.Context, events.APIGatewayV2HTTPRequest) (gateway.Answer, error)
	doc     *openapi3.T
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	c := &caller{t: t, service: &service{answer: lookup.Answer{LookupID: lookupID, Outcome: lookup.TRNSent}}, doc: document(t)}
	log := slog.New(slog.NewJSONHandler(&c.log, nil))
	face := api.New(c.service, func() time.Time { return noon }, log, metric.New(&c.figures, "test", "lookup", func() time.Time { return noon }))
	c.handle = gateway.Handle(face, http.HandlerFunc(api.ServePanic), log)
	return c
}

// loadDocument reads the OpenAPI document, once: nobody changes it.
var loadDocument = sync.OnceValues(func() (*openapi3.T, error) {
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(raw)
})

func document(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := loadDocument()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// answer is an answer of the API.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem is the body of an error.
type problem struct {
	Type, Title, Code, Detail, RequestID, LookupID string
	Status                                         int
	Errors                                         []struct{ Field, Code, Message string }
}

// codes are the errors of the fields as "field code".
func (p problem) codes() []string {
	var codes []string
	for _, e := range p.Errors {
		codes = append(codes, e.Field+" "+e.Code)
	}
	return codes
}

func (c *caller) call(method, path string, header map[string]string, body string) answer {
	c.t.Helper()
	var e events.APIGatewayV2HTTPRequest
	e.RawPath, e.Body, e.Headers = path, body, map[string]string{"host": "example.com"}
	e.RequestContext.RequestID, e.RequestContext.HTTP.Method = "request-1", method
	e.RequestContext.HTTP.SourceIP = "203.0.113.9"
	for name, value := range header {
		e.Headers[strings.ToLower(name)] = value
	}
	return c.send(e)
}

func (c *caller) send(e events.APIGatewayV2HTTPRequest) answer {
	c.t.Helper()
	got, err := c.handle(c.t.Context(), e)
	if err != nil {
		c.t.Fatalf("the function failed: %v", err)
	}
	a := answer{got.StatusCode, http.Header{}, got.Body}
	for name, value := range got.Headers {
		a.header.Set(name, value)
	}
	method := e.RequestContext.HTTP.Method
	c.conforms(method, e.RawPath, a)
	if a.header.Get("X-Request-Id") != e.RequestContext.RequestID {
		c.t.Errorf("x-request-id: %q", a.header.Get("X-Request-Id"))
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" {
		c.t.Error("no X-Content-Type-Options")
	}
	if e.RawPath != openAPIPath || a.status >= 400 {
		if a.header.Get("Cache-Control") != "no-store" {
			c.t.Errorf("cache-control: %q", a.header.Get("Cache-Control"))
		}
	}
	if a.status >= 400 && method != http.MethodHead {
		c.problem(a)
	}
	return a
}

// post posts JSON.
func (c *caller) post(path, body string) answer {
	c.t.Helper()
	return c.call(http.MethodPost, path, map[string]string{"content-type": "application/json"}, body)
}

// problem reads an error, and checks what all errors have in common.
func (c *caller) problem(a answer) problem {
	c.t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		c.t.Errorf("%d: content type %q", a.status, got)
	}
	var p problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		c.t.Fatalf("%d: %v: %s", a.status, err, a.body)
	}
	if p.Type != "about:blank" || p.Title != http.StatusText(a.status) || p.Status != a.status || p.Code == "" ||
		p.Detail == "" || p.RequestID == "" {
		c.t.Errorf("not the shape of every error: %s", a.body)
	}
	for _, e := range p.Errors {
		if e.Code == "" || e.Message == "" || strings.HasPrefix(e.Message, "error.") {
			c.t.Errorf("field error %+v", e)
		}
	}
	return p
}

// conforms checks an answer against the document, where it describes the path and method; an answer of 404 or 405
// may be to a path or method that it does not.
func (c *caller) conforms(method, path string, a answer) {
	c.t.Helper()
	template, item := c.described(path)
	if item == nil {
		if a.status != http.StatusNotFound {
			c.t.Errorf("%s %s: %d for a path that the document does not have", method, path, a.status)
		}
		return
	}
	operation := item.GetOperation(method)
	if operation == nil {
		if method != http.MethodHead && a.status != http.StatusMethodNotAllowed {
			c.t.Errorf("%s %s: %d for a method that the document does not have", method, path, a.status)
		}
		for m := range item.Operations() {
			operation = item.GetOperation(m)
		}
	}
	if method == http.MethodHead {
		return // no body to check
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	err = openapi3filter.ValidateResponse(c.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request,
			Route: &routers.Route{Spec: c.doc, Path: template, PathItem: item, Method: method, Operation: operation}},
		Status: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		c.t.Errorf("%s %s: the answer is not as the document says: %v", method, path, err)
	}
}

// described finds the document's path that a path is of.
func (c *caller) described(path string) (string, *openapi3.PathItem) {
	segments := strings.Split(path, "/")
	for template, item := range c.doc.Paths.Map() {
		parts := strings.Split(template, "/")
		same := len(parts) == len(segments)
		for i := range parts {
			same = same && (parts[i] == segments[i] || strings.HasPrefix(parts[i], "{") && segments[i] != "")
		}
		if same {
			return template, item
		}
	}
	return "", nil
}

// details are good details after changes: a nil member is left out.
func details(changes map[string]any) string {
	members := map[string]any{"email": "ann@example.com", "firstName": "Ann", "lastName": "Example", "dateOfBirth": "1980-01-31"}
	for name, value := range changes {
		members[name] = value
		if value == leftOut {
			delete(members, name)
		}
	}
	text, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// leftOut as a value leaves a member out.
var leftOut = any(struct{ leftOut bool }{})
