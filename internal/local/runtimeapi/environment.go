package runtimeapi

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"losttrn/internal/local/process"
)

// environment is one process of a function, and the Runtime API that it talks to.
type environment struct {
	spec    Spec
	process *process.Process
	server  *http.Server
	closing chan struct{}
	close   sync.Once
	retire  *time.Timer

	events     chan *invocation // taken by GET …/next
	initFailed chan *Failure
	used       bool // has taken an event before
	built      int  // how often the function had been renewed when it started

	mu      sync.Mutex
	current *invocation
}

// invocation is an event on its way through a process.
type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	result   chan outcome // has room for one
}

type outcome struct {
	answer []byte
	err    error
}

func start(s Spec) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e := &environment{
		spec:       s,
		closing:    make(chan struct{}),
		events:     make(chan *invocation),
		initFailed: make(chan *Failure, 1),
		retire:     time.NewTimer(idleLife),
	}
	e.retire.Stop()
	e.server = &http.Server{Handler: e.routes()}
	go e.server.Serve(listener)
	e.process, err = process.Start(process.Command{
		Path:   s.Executable,
		Env:    append(s.Environment[:len(s.Environment):len(s.Environment)], "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String()),
		Output: s.Log,
	})
	if err != nil {
		e.server.Close()
		return nil, err
	}
	go func() {
		<-e.process.Done()
		e.close.Do(func() { close(e.closing) })
		e.server.Close()
	}()
	return e, nil
}

func (e *environment) alive() bool {
	select {
	case <-e.process.Done():
		return false
	default:
		return true
	}
}

// end kills the process, as Lambda does with one that it needs no longer.
func (e *environment) end() {
	e.close.Do(func() { close(e.closing) })
	e.process.Kill()
}

// handle passes an event to the process and waits for the outcome.
func (e *environment) handle(event []byte) ([]byte, error) {
	i := &invocation{id: newID(), event: event, result: make(chan outcome, 1)}
	if err := e.handOver(i); err != nil {
		return nil, err
	}
	timer := time.NewTimer(e.spec.Timeout)
	defer timer.Stop()
	var o outcome
	select {
	case o = <-i.result:
	case <-e.process.Done():
		o = e.ended(i)
	case <-timer.C:
		e.end()
		o.err = failure("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", i.id, e.spec.Timeout.Seconds()))
	}
	return o.answer, o.err
}

// ended returns the outcome of an event whose process ended: its answer if that came first, else a failure.
func (e *environment) ended(i *invocation) outcome {
	select {
	case o := <-i.result:
		return o
	default:
		return outcome{err: e.exited(i)}
	}
}

// handOver waits until the process asks for an event, which a new one does when
// it has initialised.
func (e *environment) handOver(i *invocation) error {
	fresh := !e.used
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case e.events <- i:
		e.used = true
		return nil
	case f := <-e.initFailed:
		e.end()
		return f
	case <-e.process.Done():
		if !fresh {
			return errGone
		}
		select {
		case f := <-e.initFailed:
			return f
		default:
			return e.exited(i)
		}
	case <-timer.C:
		e.end()
		return failure("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: it did not ask for an event within %s", i.id, initTimeout))
	}
}

func (e *environment) exited(i *invocation) *Failure {
	how := "Runtime exited without providing a reason"
	if err := e.process.Err(); err != nil {
		how = "Runtime exited with error: " + err.Error()
	}
	return failure("Runtime.ExitError", "RequestId: "+i.id+" Error: "+how)
}

// failure makes the error document that Lambda makes.
func failure(kind, message string) *Failure {
	f := &Failure{Type: kind, Message: message}
	f.Body, _ = json.Marshal(f)
	return f
}
