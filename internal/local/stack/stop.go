package stack

import (
	"context"
	"sync"
	"time"
)

// grace is how long Stop lets the queues run empty: they live in memory.
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

// Drain waits until the queues that functions read have nothing left to give out
// and no batch is under way, and reports whether that came before ctx ended. A
// message that failed and waits for its visibility timeout is not waited for.
func (s *Stack) Drain(ctx context.Context) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	// A message on its way from a queue to a batch is in neither for an instant, so
	// one look at an empty queue proves nothing.
	const looks = 3
	for quiet := 0; quiet < looks; {
		if s.quiet(ctx) {
			quiet++
		} else {
			quiet = 0
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func (s *Stack) quiet(ctx context.Context) bool {
	for _, q := range s.queues {
		if q.Busy() > 0 {
			return false
		}
	}
	queues, err := source{s}.Queues(ctx)
	if err != nil {
		return false
	}
	for _, f := range s.declared {
		for _, event := range f.Queues {
			url, err := s.queueURL(event.QueueARN)
			if err != nil {
				return false
			}
			for _, q := range queues {
				// With messages in flight but no batch under way, those waiting belong
				// behind one that failed, or will be received at once.
				if q.URL == url && q.Depth > 0 && q.InFlight == 0 {
					return false
				}
			}
		}
	}
	return true
}
