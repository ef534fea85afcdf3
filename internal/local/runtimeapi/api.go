package runtimeapi

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// routes returns the Lambda Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func (e *environment) routes() http.Handler {
	mux := http.NewServeMux()
	const runtime = "/2018-06-01/runtime"
	mux.HandleFunc("GET "+runtime+"/invocation/next", e.next)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/response", e.response)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/error", e.failed)
	mux.HandleFunc("POST "+runtime+"/init/error", e.initError)
	return mux
}

func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	var i *invocation
	select {
	case i = <-e.events:
	case <-r.Context().Done():
		return
	case <-e.closing:
		return
	}
	i.deadline = time.Now().Add(e.spec.Timeout)
	e.mu.Lock()
	e.current = i
	e.mu.Unlock()
	trace := traceID()
	if e.spec.Began != nil {
		e.spec.Began(Invocation{TraceID: trace, Event: i.event, Kill: e.end})
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(i.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", e.spec.ARN)
	h.Set("Lambda-Runtime-Trace-Id", trace)
	_, _ = w.Write(i.event)
}

func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return // the process ended halfway: its end is what is reported
	}
	if len(body) > maxPayload {
		// The rest is read, because a client that is still writing would not read the response.
		_, _ = io.Copy(io.Discard, r.Body)
		e.finish(w, r, outcome{err: failure("Function.ResponseSizeTooLarge",
			fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload))}, http.StatusRequestEntityTooLarge)
		return
	}
	e.finish(w, r, outcome{answer: body}, http.StatusAccepted)
}

func (e *environment) failed(w http.ResponseWriter, r *http.Request) {
	e.finish(w, r, outcome{err: readFailure(r)}, http.StatusAccepted)
}

func (e *environment) initError(w http.ResponseWriter, r *http.Request) {
	select {
	case e.initFailed <- readFailure(r):
	default:
	}
	accepted(w)
}

// finish passes the outcome of the current event to its invoker.
func (e *environment) finish(w http.ResponseWriter, r *http.Request, o outcome, status int) {
	e.mu.Lock()
	i := e.current
	known := i != nil && i.id == r.PathValue("id")
	if known {
		e.current = nil
	}
	e.mu.Unlock()
	if !known {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}`)
		return
	}
	// Before the response, because the process may end when it has it; the outcome is then final.
	i.result <- o
	w.WriteHeader(status)
	fmt.Fprint(w, `{"status":"OK"}`)
}

func accepted(w http.ResponseWriter) {
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprint(w, `{"status":"OK"}`)
}

func readFailure(r *http.Request) *Failure {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxPayload))
	f := &Failure{}
	if err := json.Unmarshal(body, f); err != nil {
		return failure("Runtime.Unknown", "the function reported an error that is not JSON")
	}
	if f.Type == "" {
		f.Type = r.Header.Get("Lambda-Runtime-Function-Error-Type")
	}
	f.Body = body
	return f
}

// newID makes a random id in the form of a UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func traceID() string {
	var b [12]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%s;Sampled=0", time.Now().Unix(), hex.EncodeToString(b[:]))
}
