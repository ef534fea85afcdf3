package process

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Service is a child that is restarted whenever it ends by itself. Both servers of the local stack store their data in
// files, unless the tables are in memory, so that the stack keeps running after a server was killed or crashed: the
// server continues with the same data.
type Service struct {
	name    string
	command Command
	ready   func(context.Context) error
	report  func(error)

	mu      sync.Mutex
	current *Process
	stopped bool
	cancel  context.CancelFunc
	done    chan struct{}
}

// Options of Keep.
type Options struct {
	Name    string
	Command Command
	// Ready returns once the service answers, or the reason why it will not.
	Ready func(context.Context) error
	// Report is called, with one line each, when the service ended and is restarted. It may be nil.
	Report func(error)
}

// hopeless is how often in a row, without running for a second, a service may end before it is not restarted any more.
const hopeless = 5

// Keep starts a service, waits until it is ready, and keeps it running until
// Stop. Ending before it was ever ready is an error.
func Keep(ctx context.Context, o Options) (*Service, error) {
	s := &Service{name: o.Name, command: o.Command, ready: o.Ready, report: o.Report, done: make(chan struct{})}
	if s.report == nil {
		s.report = func(error) {}
	}
	p, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	watch, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.watch(watch, p)
	return s, nil
}

// start runs the command once and waits until it is ready.
func (s *Service) start(ctx context.Context) (*Process, error) {
	p, err := Start(s.command)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.current = p
	stopped := s.stopped
	s.mu.Unlock()
	if stopped {
		p.Kill()
		return nil, context.Canceled
	}
	ready, cancel := context.WithCancel(ctx)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- s.ready(ready) }()
	select {
	case err = <-answer:
	case <-p.Done():
		err = errors.New("it ended at once")
		if failure := p.Err(); failure != nil {
			err = fmt.Errorf("it ended at once: %w", failure)
		}
	}
	if err != nil {
		p.Kill()
		return nil, fmt.Errorf("%s did not start: %w", s.name, err)
	}
	return p, nil
}

func (s *Service) watch(ctx context.Context, p *Process) {
	defer close(s.done)
	failures := 0
	for {
		began := time.Now()
		select {
		case <-ctx.Done():
			return
		case <-p.Done():
		}
		if time.Since(began) > time.Second {
			failures = 0
		}
		reason := p.Err()
		for p = nil; p == nil; {
			if ctx.Err() != nil {
				return
			}
			if failures++; failures > hopeless {
				s.report(fmt.Errorf("%s is given up: %w", s.name, reason))
				return
			}
			s.report(fmt.Errorf("%s ended (%w) and is started again", s.name, reason))
			p, reason = s.start(ctx)
		}
	}
}

// PID returns the process id of the service as it runs now.
func (s *Service) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.PID()
}

// Stop ends the service finally.
func (s *Service) Stop() {
	s.mu.Lock()
	s.stopped = true
	p := s.current
	s.mu.Unlock()
	s.cancel()
	p.Stop(2 * time.Second)
	<-s.done
	// A start that was under way when the watch ended.
	s.mu.Lock()
	last := s.current
	s.mu.Unlock()
	if last != p {
		last.Kill()
	}
}
