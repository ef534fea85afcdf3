package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"losttrn/internal/local/calls"
)

// Call is one attempt at a call of AWS or GOV.UK Notify, as a Proxy sees it.
type Call struct {
	Function string // who calls, by logical id
	Name     string // what is called, such as "dynamodb:PutItem lookups"
	TraceID  string // of the invocation, "" if none is known: before the first event, and at Notify
	ID       string // the same for every attempt at the call, "" if the caller does not say
	Text     string // what is said: address and body
}

// Fault is what happens to an attempt. The zero value lets it pass.
type Fault struct {
	Mode Mode
	// Crash ends the caller, for the modes Crashed and CrashedAfter.
	Crash func()
}

// Further modes, of a Proxy alone.
const (
	Late         Mode = "late"          // the call takes effect, and its answer comes after the caller has given up
	Crashed      Mode = "crashed"       // the caller ends before the call takes effect
	CrashedAfter Mode = "crashed after" // the caller ends when the call has taken effect
)

// Proxy stands between functions and the servers that they call, and makes calls fail. It is a stack's Wire.
type Proxy struct {
	// Choose returns the fault of an attempt. It must be safe for concurrent use.
	Choose func(Call) Fault
	// Short returns the short name of a resource, such as "lookups" of a table's whole name.
	Short func(name string) string
}

// Between passes a function's calls on to the server at target, and makes fail those that Choose says.
func (p *Proxy) Between(function, target string) (http.Handler, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	pass := &httputil.ReverseProxy{
		Transport:     transport,
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(to) },
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
			}
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the caller has ended
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		fault := p.Choose(Call{Function: function, Name: p.name(r, body), TraceID: r.Header.Get("X-Amzn-Trace-Id"),
			ID: r.Header.Get("Amz-Sdk-Invocation-Id"), Text: r.URL.String() + "\n" + string(body)})
		inject(fault, w, r, pass)
	}), nil
}

// inject applies a fault to a call.
func inject(fault Fault, w http.ResponseWriter, r *http.Request, pass http.Handler) {
	switch fault.Mode {
	case "":
		pass.ServeHTTP(w, r)
		return
	case Before:
	case After:
		takeEffect(r, pass)
	case Late, Hang:
		caller := r.Context()
		if fault.Mode == Late {
			takeEffect(r, pass)
		}
		<-caller.Done()
	case Throttled:
		refuse(w, r, http.StatusBadRequest, "ThrottlingException", http.StatusTooManyRequests, "RateLimitError")
		return
	case Failed:
		refuse(w, r, http.StatusInternalServerError, "InternalServerError", http.StatusInternalServerError, "Exception")
		return
	case Crashed:
		fault.Crash()
	case CrashedAfter:
		takeEffect(r, pass)
		fault.Crash()
	}
	panic(http.ErrAbortHandler) // the connection is reset
}

// takeEffect passes a call on and discards the answer. It completes the call even if the caller has disconnected.
func takeEffect(r *http.Request, pass http.Handler) {
	pass.ServeHTTP(&dropped{header: http.Header{}}, r.WithContext(context.WithoutCancel(r.Context())))
}

// dropped is a response that is discarded.
type dropped struct{ header http.Header }

func (d *dropped) Header() http.Header         { return d.header }
func (d *dropped) WriteHeader(int)             {}
func (d *dropped) Write(b []byte) (int, error) { return len(b), nil }
func (d *dropped) Flush()                      {}

// refuse answers in AWS's words or in Notify's.
func refuse(w http.ResponseWriter, r *http.Request, awsStatus int, awsCode string, notifyStatus int, notifyCode string) {
	w.Header().Set("Content-Type", "application/json")
	if isNotify(r) {
		w.WriteHeader(notifyStatus)
		fmt.Fprintf(w, `{"status_code":%d,"errors":[{"error":%q,"message":"injected"}]}`, notifyStatus, notifyCode)
		return
	}
	if r.Header.Get("X-Amz-Target") == "" { // S3 speaks XML
		w.Header().Set("Content-Type", "application/xml")
		status := awsStatus
		if awsStatus == http.StatusBadRequest {
			status, awsCode = http.StatusServiceUnavailable, "SlowDown"
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>injected</Message></Error>`, awsCode)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(awsStatus)
	fmt.Fprintf(w, `{"__type":%q,"message":"injected"}`, awsCode)
}

func isNotify(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// name returns the name of a call: the actions of AWS, each with the short name of its resource, or the call of Notify.
func (p *Proxy) name(r *http.Request, body []byte) string {
	if isNotify(r) {
		if r.Method == http.MethodGet {
			return "notify:Find"
		}
		return "notify:Send"
	}
	made, err := calls.Of(r, body)
	if err != nil {
		return "unknown: " + err.Error()
	}
	var names []string
	for _, call := range made {
		resource := strings.SplitN(call.Resource, ":", 6)[5]
		resource = strings.TrimPrefix(strings.TrimPrefix(resource, "table/"), "parameter/")
		name, rest, _ := strings.Cut(resource, "/")
		if call.Action[:4] != "ssm:" && !strings.HasPrefix(rest, "index/") {
			rest = "" // an object, or an export: another each time
		}
		names = append(names, strings.TrimSpace(call.Action+" "+p.Short(name)+" "+strings.TrimPrefix(rest, "index/")))
	}
	return strings.Join(names, " + ")
}
