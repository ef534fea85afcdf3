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

// grace is how long Stop waits for the queues to become empty. Messages that are left are handled after the next start.
const grace = 5 * time.Second

// Stop accepts no more requests, waits a moment for those in progress and for the queues, and ends everything that was
// started.
func (s *Stack) Stop() {
	s.stopOnce.Do(func() {
		ctx, cancel := context.WithTimeout(s.aborted, grace)
		defer cancel()
		_ = s.front.Shutdown(ctx)
		s.Drain(ctx)
		// Stop does not wait for a function that hangs now.
		for _, q := range s.queues {
			q.Quit()
		}
		var ends sync.WaitGroup
		for _, f := range s.functions {
			ends.Go(f.Close)
		}
		ends.Wait()
		if err := s.reportKept(context.WithoutCancel(ctx), "for the next start"); err != nil {
			s.o.Report(err)
		}
		s.end()
	})
}

// Abort makes Stop return without further waiting.
func (s *Stack) Abort() { s.abort() }

// end ends everything that was started, in reverse order.
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
	// A message on its way from a queue to a batch is in neither for an instant, so seeing the queue empty once is not
	// enough.
	const looks = 3
	for quiet := 0; quiet < looks; {
		began := time.Now()
		left, comes := s.waiting(ctx)
		// Inspecting long queues costs the server time, so it is done less often then.
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

// waiting returns the number of messages in the queues that functions read, including those in a batch, and whether any
// of them will be handled before ctx ends.
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
			return left + 1, ctx.Err() == nil // the server is being restarted
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

// reportKept reports how many messages the queues keep from an earlier run, or for a later one.
func (s *Stack) reportKept(ctx context.Context, when string) error {
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
