// Package runtimeapi runs functions as AWS Lambda does: as separate processes that get events from the Lambda Runtime
// API and post their answers to it.
//
// Each process handles one event at a time; more are started when events come
// faster, and ended when they have had nothing to do for a while.
package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Spec describes a function.
type Spec struct {
	Name       string
	ARN        string
	Executable string
	// Environment is the whole environment of the process, without
	// AWS_LAMBDA_RUNTIME_API.
	Environment []string
	Timeout     time.Duration
	// Concurrency is how many events are handled side by side at the most;
	// further ones wait.
	Concurrency int
	// Reserved is how many events may be under way at the most, those that wait among them; further ones are refused. 0,
	// any number may be.
	Reserved int
	// Log takes what the function writes.
	Log io.Writer
	// Began is called with each invocation before its process is given the event. It may be nil.
	Began func(Invocation)
}

// Invocation is an event that a process is given.
type Invocation struct {
	// TraceID is what Lambda calls the trace id: an SDK sends it with every call that the process makes until it answers.
	TraceID string
	Event   []byte
	// Kill kills the process, to simulate a crash.
	Kill func()
}

// Limits of AWS Lambda.
const (
	initTimeout = 10 * time.Second
	maxPayload  = 6 << 20
)

// idleLife is how long a process without work is kept beside the first one.
const idleLife = time.Minute

// Function runs a function.
type Function struct {
	spec  Spec
	slots chan struct{} // one for each event being handled
	under atomic.Int64  // events under way, those that wait among them

	mu     sync.Mutex
	idle   []*environment // the one used last is last
	all    map[*environment]struct{}
	closed bool
	built  int // counts Renew
}

// New prepares a function. No process is started before the first event.
func New(s Spec) *Function {
	return &Function{spec: s, slots: make(chan struct{}, max(s.Concurrency, 1)), all: map[*environment]struct{}{}}
}

// Failure is an error that the function reported, or the end of its process.
type Failure struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
	// Body is the error document that Lambda returns to the invoker.
	Body []byte `json:"-"`
}

func (f *Failure) Error() string { return f.Type + ": " + f.Message }

// ErrTooLarge is returned for an event larger than Lambda accepts.
var ErrTooLarge = errors.New("the event is larger than 6 MB")

// ErrThrottled is returned for an event that came while as many as are reserved were under way.
var ErrThrottled = errors.New("the function is throttled: its reserved concurrency is used up")

// errClosed is returned once the function is closed.
var errClosed = errors.New("the local stack is stopping")

// errGone says that a process ended before it took the event.
var errGone = errors.New("the process ended while it was idle")

// Invoke hands the function an event and returns its answer. An error of the
// function itself is a *Failure; ErrThrottled comes at once. When ctx ends while the event waits for its
// turn, it is not handled; one that is being handled is handled to its end.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	if len(event) > maxPayload {
		return nil, ErrTooLarge
	}
	defer f.under.Add(-1)
	if n := f.under.Add(1); f.spec.Reserved > 0 && n > int64(f.spec.Reserved) {
		return nil, ErrThrottled
	}
	select {
	case f.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-f.slots }()
	for {
		e, err := f.take()
		if err != nil {
			return nil, err
		}
		answer, err := e.handle(event)
		f.giveBack(e)
		if !errors.Is(err, errGone) {
			return answer, err
		}
	}
}

// Warm starts a process ahead of the first event.
func (f *Function) Warm() error {
	e, err := f.take()
	if err != nil {
		return err
	}
	f.giveBack(e)
	return nil
}

// take finds an idle process, or starts one.
func (f *Function) take() (*environment, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, errClosed
	}
	for len(f.idle) > 0 {
		last := len(f.idle) - 1
		e := f.idle[last]
		f.idle = f.idle[:last]
		e.retire.Stop()
		if e.alive() {
			return e, nil
		}
		delete(f.all, e)
	}
	e, err := start(f.spec)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", f.spec.Name, err)
	}
	e.built = f.built
	f.all[e] = struct{}{}
	return e, nil
}

// giveBack makes a process idle, unless it has ended.
func (f *Function) giveBack(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !e.alive() {
		delete(f.all, e)
		return
	}
	if f.closed {
		return // Close kills it
	}
	if e.built != f.built {
		delete(f.all, e)
		go e.end()
		return
	}
	e.retire = time.AfterFunc(idleLife, func() { f.retire(e) })
	f.idle = append(f.idle, e)
}

// retire ends a process that has been idle for long, if it is not the last one.
func (f *Function) retire(e *environment) {
	f.mu.Lock()
	found := false
	for i, other := range f.idle {
		if other == e && len(f.all) > 1 {
			f.idle = append(f.idle[:i:i], f.idle[i+1:]...)
			delete(f.all, e)
			found = true
			break
		}
	}
	f.mu.Unlock()
	if found {
		e.end()
	}
}

// Renew makes new processes use the executable as it is now. Processes of an older one end, busy ones after their
// event.
func (f *Function) Renew() {
	f.mu.Lock()
	f.built++
	old := f.idle
	f.idle = nil
	for _, e := range old {
		e.retire.Stop()
		delete(f.all, e)
	}
	f.mu.Unlock()
	for _, e := range old {
		e.end()
	}
}

// PIDs lists the function's processes.
func (f *Function) PIDs() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	var pids []int
	for e := range f.all {
		pids = append(pids, e.process.PID())
	}
	return pids
}

// Close ends every process of the function, also one that is handling an event.
func (f *Function) Close() {
	f.mu.Lock()
	f.closed = true
	all := f.all
	f.all, f.idle = map[*environment]struct{}{}, nil
	f.mu.Unlock()
	var ends sync.WaitGroup
	for e := range all {
		ends.Go(e.end)
	}
	ends.Wait()
}
