package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/process"
)

// host is one process of a function behind a stand-in for the Lambda Runtime API that takes the times. The local
// stack's own Runtime API sends events to any free process and measures nothing.
type host struct {
	ctx     context.Context // ends what is measured
	process *process.Process
	server  *http.Server
	began   time.Time
	ready   chan time.Time // when the process asked for its first event
	once    sync.Once
	events  chan []byte
	answers chan answer
	output  *bytes.Buffer // what the process wrote, read only when it has ended
}

type answer struct {
	body   []byte
	at     time.Time
	failed bool
}

// longest bounds how long a measured operation may take.
const longest = 30 * time.Second

// start spawns a function's process.
func start(ctx context.Context, executable string, environment []string) (*host, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &host{ctx: ctx, ready: make(chan time.Time, 1), events: make(chan []byte), answers: make(chan answer, 1), output: &bytes.Buffer{}}
	mux := http.NewServeMux()
	const runtime = "/2018-06-01/runtime"
	mux.HandleFunc("GET "+runtime+"/invocation/next", h.next)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) { h.answered(w, r, false) })
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) { h.answered(w, r, true) })
	h.server = &http.Server{Handler: mux}
	go func() { _ = h.server.Serve(listener) }() // ends with Close
	h.began = time.Now()
	h.process, err = process.Start(process.Command{Path: executable, Output: h.output,
		Env: append(environment[:len(environment):len(environment)], "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())})
	if err != nil {
		return nil, errors.Join(err, h.server.Close())
	}
	return h, nil
}

func (h *host) next(w http.ResponseWriter, r *http.Request) {
	h.once.Do(func() { h.ready <- time.Now() })
	select {
	case event := <-h.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(longest).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:123456789012:function:bench")
		_, _ = w.Write(event)
	case <-r.Context().Done():
	}
}

func (h *host) answered(w http.ResponseWriter, r *http.Request, failed bool) {
	at := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.WriteHeader(http.StatusAccepted)
	h.answers <- answer{body, at, failed}
}

// untilReady waits until the process asks for its first event, and returns how long that took from when it was spawned.
func (h *host) untilReady() (time.Duration, error) {
	select {
	case at := <-h.ready:
		return at.Sub(h.began), nil
	case <-h.process.Done():
		return 0, fmt.Errorf("the function ended before it was ready: %s", h.output)
	case <-h.ctx.Done():
		return 0, h.ctx.Err()
	case <-time.After(longest):
		return 0, errors.New("the function asked for no event")
	}
}

// do sends an event and returns the answer, with its time.
func (h *host) do(event []byte) (answer, error) {
	late := time.NewTimer(longest)
	defer late.Stop()
	select {
	case h.events <- event:
	case <-h.process.Done():
		return answer{}, fmt.Errorf("the function ended: %s", h.output)
	case <-h.ctx.Done():
		return answer{}, h.ctx.Err()
	case <-late.C:
		return answer{}, errors.New("the function took no event")
	}
	select {
	case a := <-h.answers:
		if a.failed {
			return answer{}, fmt.Errorf("the function failed: %s", a.body)
		}
		return a, nil
	case <-h.process.Done():
		return answer{}, fmt.Errorf("the function ended: %s", h.output)
	case <-h.ctx.Done():
		return answer{}, h.ctx.Err()
	case <-late.C:
		return answer{}, errors.New("the function did not answer")
	}
}

// resident returns how much memory the process has, in MiB (Linux; 0 elsewhere).
func (h *host) resident() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.process.PID()))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// close kills the process, as Lambda does with one that it no longer needs.
func (h *host) close() {
	h.process.Kill()
	<-h.process.Done()
	_ = h.server.Close()
}
