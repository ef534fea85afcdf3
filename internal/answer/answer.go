// Package answer maps kinds of failure to HTTP answers, by one table for both faces of the service, and logs failed
// requests. The JSON API and the web form show an answer differently; its texts are in the catalogue, under
// "failure.<Code>".
package answer

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
)

// Failure is an answer to a request that could not be met.
type Failure struct {
	Status int
	// Code names the failure to programs, in logs and in figures.
	Code string
	// RetryAfter is how long to wait before another try; zero means that waiting does not help.
	RetryAfter time.Duration
}

// unavailableRetry is how long a client is asked to wait for a dependency that is down.
const unavailableRetry = 5 * time.Second

// Failures of requests that are refused before they reach the use case.
var (
	NotFound         = Failure{Status: http.StatusNotFound, Code: "not_found"}
	MethodNotAllowed = Failure{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed"}
	TooLarge         = Failure{Status: http.StatusRequestEntityTooLarge, Code: "too_large"}
	Forbidden        = Failure{Status: http.StatusForbidden, Code: "forbidden"}
	Internal         = Failure{Status: http.StatusInternalServerError, Code: "internal"}
)

// failures is the table. The first row that matches an error's kind, and its reason if the row names one, is the
// answer. An error without a row is answered with Internal.
var failures = []struct {
	kind   error
	reason string
	Failure
}{
	{fault.NotFound, "", Failure{Status: http.StatusNotFound, Code: "unknown_lookup"}},
	{fault.Conflict, lookup.ReasonOtherDetails, Failure{Status: http.StatusConflict, Code: lookup.ReasonOtherDetails}},
	{fault.Conflict, "", Failure{Status: http.StatusConflict, Code: lookup.ReasonNotNoMatch}},
	{fault.Throttled, "", Failure{http.StatusServiceUnavailable, "unavailable", unavailableRetry}},
	{fault.Unavailable, "", Failure{http.StatusServiceUnavailable, "unavailable", unavailableRetry}},
	{context.DeadlineExceeded, "", Failure{http.StatusServiceUnavailable, "unavailable", unavailableRetry}},
	{context.Canceled, "", Failure{http.StatusServiceUnavailable, "unavailable", unavailableRetry}},
}

// Of returns the answer to an error of the use case.
func Of(err error) Failure {
	var limit *lookup.LimitError
	if errors.As(err, &limit) {
		return Failure{http.StatusTooManyRequests, "too_many_requests", limit.RetryAfter}
	}
	for _, f := range failures {
		if errors.Is(err, f.kind) && (f.reason == "" || f.reason == fault.Reason(err)) {
			return f.Failure
		}
	}
	return Internal
}

// SetRetryAfter sets the header Retry-After, in seconds, if waiting helps.
func (f Failure) SetRetryAfter(h http.Header) {
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
}

// Minutes returns how many minutes to wait, at least one.
func (f Failure) Minutes() int { return max(1, int(math.Ceil(f.RetryAfter.Minutes()))) }

// Log writes one line about a failed request: a failure of the service at level error, with its code and the AWS call
// that caused it; a refusal at level info. The line never contains the error's text, which may quote what a person
// typed. err is nil if the request did not reach the use case.
func (f Failure) Log(ctx context.Context, log *slog.Logger, face string, err error, lookupID string) {
	attributes := []any{"face", face, "code", f.Code, "status", f.Status, "lookupId", lookupID, "requestId", gateway.RequestID(ctx)}
	if f.Status < http.StatusInternalServerError {
		log.InfoContext(ctx, "request refused", attributes...)
		return
	}
	if err != nil {
		attributes[3] = fault.Reason(err)
		attributes = append(attributes, cloud.Cause(err))
	}
	log.ErrorContext(ctx, "request failed", attributes...)
}
