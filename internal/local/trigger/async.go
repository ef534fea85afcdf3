package trigger

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Async invokes a function asynchronously as Lambda does: a failed event is tried again, and finally passed to the
// function's dead-letter destination, if it has one.
type Async struct {
	Function Invoker
	// Retries is how often a failed event is tried again: Lambda's default is 2.
	Retries int
	// Pause is the time before a retry; the second waits twice as long.
	Pause time.Duration
	// Exhausted is called with an event that failed finally. It may be nil.
	Exhausted func(ctx context.Context, event []byte, failure error) error
	Report    func(error)

	once    sync.Once
	ctx     context.Context
	cancel  context.CancelFunc
	pending sync.WaitGroup
}

func (a *Async) init() {
	a.once.Do(func() { a.ctx, a.cancel = context.WithCancel(context.Background()) })
}

// Send queues an event.
func (a *Async) Send(event []byte) {
	a.init()
	a.pending.Go(func() {
		if err := a.handle(event); err != nil {
			a.Report(err)
		}
	})
}

func (a *Async) handle(event []byte) error {
	var failure error
	for attempt := 0; attempt <= a.Retries; attempt++ {
		if attempt > 0 {
			timer := time.NewTimer(time.Duration(attempt) * a.Pause)
			select {
			case <-timer.C:
			case <-a.ctx.Done():
				timer.Stop()
				if a.Exhausted == nil {
					return fmt.Errorf("an event is lost, since the stack stopped before it could be tried again: %w", failure)
				}
				return a.setAside(event, failure)
			}
		}
		if _, failure = a.Function.Invoke(a.ctx, event); failure == nil {
			return nil
		}
		a.Report(fmt.Errorf("an event failed (attempt %d of %d): %w", attempt+1, a.Retries+1, failure))
	}
	if a.Exhausted == nil {
		return nil
	}
	return a.setAside(event, failure)
}

// setAside passes a failed event to Exhausted, also while the stack stops.
func (a *Async) setAside(event []byte, failure error) error {
	if err := a.Exhausted(context.WithoutCancel(a.ctx), event, failure); err != nil {
		return fmt.Errorf("set a failed event aside: %w", err)
	}
	return nil
}

// Stop waits for the events in progress. Events that wait for a retry are not tried again, but set aside if Exhausted
// is set.
func (a *Async) Stop() {
	a.init()
	a.cancel()
	a.pending.Wait()
}
