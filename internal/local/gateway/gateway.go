// Package gateway emulates a route of an API Gateway HTTP API on the $default stage: it turns requests into events of
// payload format 2.0 and a function's answers into responses.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"losttrn/internal/local/runtimeapi"
)

// Limits of an HTTP API.
const (
	maxBody            = 10 << 20
	integrationTimeout = 30 * time.Second
)

// Invoker runs the function behind the route.
type Invoker interface {
	Invoke(ctx context.Context, event []byte) ([]byte, error)
}

// Gateway is the HTTP API.
type Gateway struct {
	// Route is the key of the route that events are sent for; it is the default route's unless it is changed.
	Route    string
	function Invoker
	report   func(error)
	timeout  time.Duration
}

// New returns a gateway in front of a function. report is called with the reason why a request could not be answered,
// which the client does not see.
func New(function Invoker, report func(error)) *Gateway {
	return &Gateway{Route: defaultRoute, function: function, report: report, timeout: integrationTimeout}
}

// ServeHTTP invokes the function with a request and writes its answer.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID := rand.Text()[:16] + "="
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		refuse(w, requestID, http.StatusBadRequest, "Bad Request")
		return
	}
	if len(body) > maxBody {
		refuse(w, requestID, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	event, err := json.Marshal(newEvent(r, g.Route, body, requestID, time.Now()))
	if err != nil {
		g.fail(w, requestID, http.StatusInternalServerError, err)
		return
	}
	payload, err := g.invoke(r.Context(), event)
	var failure *runtimeapi.Failure
	switch {
	case err == nil:
	case errors.Is(err, runtimeapi.ErrTooLarge):
		refuse(w, requestID, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	case errors.As(err, &failure):
		g.fail(w, requestID, http.StatusInternalServerError, err)
		return
	default:
		refuse(w, requestID, http.StatusServiceUnavailable, "Service Unavailable")
		g.report(fmt.Errorf("the gateway answered 503: %w", err))
		return
	}
	a, err := readAnswer(payload)
	if err != nil {
		g.fail(w, requestID, http.StatusInternalServerError, err)
		return
	}
	a.write(w, requestID)
}

// invoke waits for the function no longer than API Gateway does. Neither a disconnected client nor that time-out stops
// the function.
func (g *Gateway) invoke(ctx context.Context, event []byte) ([]byte, error) {
	type result struct {
		payload []byte
		err     error
	}
	done := make(chan result, 1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.timeout)
	defer cancel()
	go func() {
		payload, err := g.function.Invoke(ctx, event)
		done <- result{payload, err}
	}()
	select {
	case r := <-done:
		return r.payload, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("the function did not answer within %s", g.timeout)
	}
}

func (g *Gateway) fail(w http.ResponseWriter, requestID string, status int, err error) {
	refuse(w, requestID, status, "Internal Server Error")
	g.report(fmt.Errorf("the gateway answered %d: %w", status, err))
}

// refuse answers in API Gateway's own words.
func refuse(w http.ResponseWriter, requestID string, status int, message string) {
	body, _ := json.Marshal(map[string]string{"message": message})
	answer{
		status:  status,
		headers: map[string]string{"content-type": "application/json"},
		body:    body,
	}.write(w, requestID)
}
