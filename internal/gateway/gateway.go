// Package gateway serves an http.Handler behind an API Gateway HTTP API: it turns events of payload format 2.0
// into requests, and what the handler writes into the answer.
package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/fault"
)

// Answer is what a function returns to an HTTP API.
type Answer = events.APIGatewayV2HTTPResponse

// reserve is how long before a function's deadline its handler's context ends, so that a request that hangs is still
// answered.
const reserve = 1500 * time.Millisecond

// Handle adapts an http.Handler to events. Every answer carries its request id in the header X-Request-Id; a panic is
// answered by onPanic, and its value is not logged, because it may hold what a person typed.
func Handle(handler, onPanic http.Handler, log *slog.Logger) func(context.Context, events.APIGatewayV2HTTPRequest) (Answer, error) {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (Answer, error) {
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
			defer cancel()
		}
		ctx = context.WithValue(ctx, requestIDKey{}, event.RequestContext.RequestID)
		if event.RequestContext.HTTP.Method == "" {
			log.WarnContext(ctx, "not an event of an HTTP API, payload format 2.0: nothing is done")
			return Answer{StatusCode: http.StatusBadRequest, Headers: map[string]string{"content-type": "text/plain; charset=utf-8"},
				Body: notHTTP}, nil
		}
		request, err := newRequest(ctx, event)
		if err != nil {
			return Answer{StatusCode: http.StatusBadRequest, Headers: map[string]string{"x-request-id": event.RequestContext.RequestID}}, nil
		}
		return serve(handler, onPanic, request, log), nil
	}
}

// notHTTP is the answer to an event of another kind: the console's test event, a warmer's, one of payload format 1.0.
const notHTTP = "This function answers events of an API Gateway HTTP API in payload format 2.0. This was none, and nothing was done.\n"

type requestIDKey struct{}

// RequestID returns the id that API Gateway gave the request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// SourceAddress returns the network address that a request came from, as API Gateway saw it: never a header that the
// sender can write.
func SourceAddress(r *http.Request) string { return r.RemoteAddr }

func newRequest(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	var body io.Reader = strings.NewReader(event.Body)
	length := int64(len(event.Body))
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(event.Body)
		if err != nil {
			return nil, err
		}
		body, length = bytes.NewReader(decoded), int64(len(decoded))
	}
	target := url.URL{Path: event.RawPath, RawQuery: event.RawQueryString}
	if path, err := url.PathUnescape(event.RawPath); err == nil {
		target.Path, target.RawPath = path, event.RawPath
	}
	if target.Path == "" {
		target.Path, target.RawPath = "/", ""
	}
	r, err := http.NewRequestWithContext(ctx, event.RequestContext.HTTP.Method, "/", body)
	if err != nil {
		return nil, err
	}
	r.URL = &target
	r.RequestURI = target.RequestURI()
	r.ContentLength = length
	r.RemoteAddr = event.RequestContext.HTTP.SourceIP
	for name, value := range event.Headers {
		r.Header.Set(name, value)
	}
	r.Host = r.Header.Get("Host")
	for _, cookie := range event.Cookies {
		r.Header.Add("Cookie", cookie)
	}
	if len(event.Cookies) > 1 {
		r.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	return r, nil
}

func serve(handler, onPanic http.Handler, r *http.Request, log *slog.Logger) Answer {
	w := &recorder{header: http.Header{}}
	err := fault.Confine(func() error { handler.ServeHTTP(w, r); return nil })
	if panicked, ok := errors.AsType[*fault.PanicError](err); ok {
		log.ErrorContext(r.Context(), "request failed", "code", fault.Reason(err), "requestId", RequestID(r.Context()),
			slog.Group("cause", "at", panicked.At))
		w = &recorder{header: http.Header{}}
		onPanic.ServeHTTP(w, r)
	}
	return w.answer(r)
}

// recorder keeps what a handler writes.
type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *recorder) answer(r *http.Request) Answer {
	w.WriteHeader(http.StatusOK)
	answer := Answer{StatusCode: w.status, Headers: map[string]string{}, Cookies: w.header["Set-Cookie"]}
	for name, values := range w.header {
		if name != "Set-Cookie" {
			answer.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	answer.Headers["x-request-id"] = RequestID(r.Context())
	if r.Method == http.MethodHead {
		return answer
	}
	if body := w.body.Bytes(); utf8.Valid(body) && w.header.Get("Content-Encoding") == "" {
		answer.Body = string(body)
	} else {
		answer.Body, answer.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return answer
}
