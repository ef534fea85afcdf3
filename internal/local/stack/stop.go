package stack

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// grace is how long Stop lets the queues run empty. What is left is handled after
// the next start.
const grace = 5 * time.Second

// Stop takes no more requests, lets those under way and the queues come to an end
// for a moment, and ends everything that was started.
func (s *Stack) Stop() {
	s.stopOnce.Do(func() {
		ctx, cancel := context.WithTimeout(s.aborted, grace)
		defer cancel()
		_ = s.front.Shutdown(ctx)
		s.Drain(ctx)
		// A function that hangs now is not waited for.
		for _, q := range s.queues {
			q.Quit()
		}
		var ends sync.WaitGroup
		for _, f := range s.functions {
			ends.Go(f.Close)
		}
		ends.Wait()
		if err := s.tellKept(context.WithoutCancel(ctx), "for the next start"); err != nil {
			s.o.Report(err)
		}
		s.end()
	})
}

// Abort makes Stop wait for nothing any more.
func (s *Stack) Abort() { s.abort() }

// end undoes whatever was started, the last first.
func (s *Stack) end() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
	s.undo = nil
}

// Drain waits until the queues that functions read are empty and no batch is under
// way, and reports whether that came before ctx ended. A message that failed is
// waited for if it is given out again before then. What is left stays in the queues.
func (s *Stack) Drain(ctx context.Context) bool {
	pause := time.NewTimer(0)
	defer pause.Stop()
	// A message on its way from a queue to a batch is in neither for an instant, so
	// one look at an empty queue proves nothing.
	const looks = 3
	for quiet := 0; quiet < looks; {
		began := time.Now()
		left, comes := s.waiting(ctx)
		// A look at long queues takes the server long, which has other things to do.
		pause.Reset(max(20*time.Millisecond, 10*time.Since(began)))
		switch {
		case left == 0:
			quiet++
		case !comes:
			return false
		default:
			quiet = 0
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// waiting counts the messages in the queues that functions read, those in a batch
// among them, and tells whether any of them is handled before ctx ends.
func (s *Stack) waiting(ctx context.Context) (left int, comes bool) {
	for _, q := range s.queues {
		if q.Busy() > 0 {
			comes = true
		}
	}
	end, bounded := ctx.Deadline()
	for _, name := range s.read() {
		found, err := s.inspect(ctx, name)
		if err != nil {
			return left + 1, ctx.Err() == nil // the server is being started again
		}
		left += len(found.Messages.Ready) + len(found.Messages.Delayed) + len(found.Messages.Inflight)
		if len(found.Messages.Ready)+len(found.Messages.Delayed) > 0 && len(found.Messages.Inflight) == 0 {
			comes = true // others may wait behind one of their group that failed
		}
		for _, m := range found.Messages.Inflight {
			if !bounded || time.UnixMilli(m.VisibilityDeadline).Before(end) {
				comes = true
			}
		}
	}
	if comes && left == 0 {
		left = 1 // a batch that is under way
	}
	return left, comes
}

// read lists the names of the queues that functions read.
func (s *Stack) read() []string {
	var names []string
	for _, f := range s.declared {
		for _, event := range f.Queues {
			for _, r := range s.Resources.OfType(template.TypeQueue) {
				if naming.ARN("sqs", naming.Of(r)) == event.QueueARN {
					names = append(names, naming.Of(r))
				}
			}
		}
	}
	return names
}

// tellKept says how many messages the queues keep from an earlier run, or for a
// later one.
func (s *Stack) tellKept(ctx context.Context, when string) error {
	queues, err := source{s}.Queues(ctx)
	if err != nil {
		return err
	}
	var kept []string
	for _, name := range slices.Sorted(maps.Keys(queues)) {
		if n := queues[name].Depth + queues[name].InFlight + queues[name].Delayed; n > 0 {
			kept = append(kept, fmt.Sprintf("%s %d", name, n))
		}
	}
	if len(kept) > 0 {
		s.o.Progress("Messages in the queues, kept " + when + ": " + strings.Join(kept, ", "))
	}
	return nil
}
