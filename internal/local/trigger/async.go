package trigger

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Async calls a function as Lambda does for events that nobody waits for: one
// that fails is tried again, and in the end handed to the function's dead-letter
// destination, if it has one.
type Async struct {
	Function Invoker
	// Retries is how often a failed event is tried again: Lambda's default is 2.
	Retries int
	// Pause is the time before a retry; the second waits twice as long.
	Pause time.Duration
	// Exhausted takes an event that failed for good. It may be nil.
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

// Send takes an event, to be handled soon.
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

// setAside hands an event over that failed, also while the stack stops.
func (a *Async) setAside(event []byte, failure error) error {
	if err := a.Exhausted(context.WithoutCancel(a.ctx), event, failure); err != nil {
		return fmt.Errorf("set a failed event aside: %w", err)
	}
	return nil
}

// Stop lets the events under way end. One that waits for a retry is given up.
func (a *Async) Stop() {
	a.init()
	a.cancel()
	a.pending.Wait()
}
