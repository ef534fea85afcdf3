// Package faults injects failures into AWS calls for tests: it stands between an SDK client and the network, and
// makes a chosen call fail in one of the ways in which real ones do.
package faults

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Mode is a way in which a call fails.
type Mode string

// The ways in which a call fails.
const (
	Before    Mode = "before"    // the call never reaches AWS
	After     Mode = "after"     // the call takes effect and its acknowledgement is lost
	Throttled Mode = "throttled" // AWS refuses the call for now
	Failed    Mode = "failed"    // AWS answers 500
	Hang      Mode = "hang"      // no answer comes until the caller gives up
)

// Modes are all modes of a Wire.
var Modes = []Mode{Before, After, Throttled, Failed, Hang}

// ErrConnection is the network error of the modes Before and After.
var ErrConnection = errors.New("faults: connection reset")

// Wire is an HTTP client for SDK clients. Without a fault it passes every call on. It is safe for concurrent use.
type Wire struct {
	mu    sync.Mutex
	calls []string
	fault func(call int, operation string) Mode
	hook  func(call int, operation string)
}

// Reset clears the list of calls, and sets the fault and the hook. The fault returns how a call fails, by its number
// from 0 and its operation ("DynamoDB.PutItem"); "" means that it does not. The hook, if not nil, runs before each
// call.
func (w *Wire) Reset(fault func(call int, operation string) Mode, hook func(call int, operation string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.fault, w.hook = nil, fault, hook
}

// Calls returns the operations called since the last Reset, in order.
func (w *Wire) Calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.calls...)
}

// transport keeps more connections open than Go's own, for calls that are made side by side.
var transport = func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}()

// Do makes one attempt at a call, or fails it. It is the method that SDK clients use.
func (w *Wire) Do(r *http.Request) (*http.Response, error) {
	operation := operationOf(r)
	w.mu.Lock()
	call := len(w.calls)
	w.calls = append(w.calls, operation)
	fault, hook := w.fault, w.hook
	w.mu.Unlock()
	if hook != nil {
		hook(call, operation)
	}
	var mode Mode
	if fault != nil {
		mode = fault(call, operation)
	}
	switch mode {
	case Before:
		return nil, ErrConnection
	case After:
		response, err := transport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		_, _ = io.Copy(io.Discard, response.Body) // to the end, so that it has taken effect
		_ = response.Body.Close()
		return nil, ErrConnection
	case Throttled:
		return answer(r, http.StatusBadRequest, "ThrottlingException"), nil
	case Failed:
		return answer(r, http.StatusInternalServerError, "InternalServerError"), nil
	case Hang:
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return transport.RoundTrip(r)
}

// operationOf reads the operation from the header of AWS's JSON protocols: "DynamoDB_20120810.PutItem".
func operationOf(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	service, operation, _ := strings.Cut(target, ".")
	service, _, _ = strings.Cut(strings.TrimPrefix(service, "Amazon"), "_")
	return service + "." + operation
}

func answer(r *http.Request, status int, code string) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:   io.NopCloser(strings.NewReader(`{"__type":"` + code + `","message":"injected"}`)),
	}
}
