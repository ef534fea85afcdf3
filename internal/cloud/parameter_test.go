package cloud_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
)

// parameters is a Parameter Store with one parameter in it.
type parameters struct {
	value string
	err   error
	reads atomic.Int32
}

func (p *parameters) Parameter(_ context.Context, name string) (string, error) {
	p.reads.Add(1)
	if p.err != nil {
		return "", p.err
	}
	if name != "/name" {
		return "", errors.New("there is only /name")
	}
	return p.value, nil
}

// clock is a time to be set.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) read() time.Time { return c.now }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

var errDown = context.DeadlineExceeded

func TestSwitch(t *testing.T) {
	store, c := &parameters{value: "on"}, newClock()
	s := cloud.NewSwitch(store, "/name", 15*time.Second, c.read)
	on := func(want bool) {
		t.Helper()
		if got, err := s.On(t.Context()); err != nil || got != want {
			t.Errorf("on: %t, %v; want %t", got, err, want)
		}
	}
	on(true)
	store.value = "off"
	c.pass(15*time.Second - 1)
	on(true)
	if reads := store.reads.Load(); reads != 1 {
		t.Errorf("%d reads within 15 seconds", reads)
	}
	c.pass(1)
	on(false)
	store.value = "on"
	c.pass(time.Hour)
	on(true)

	// Anything else is no answer, so that a slip unlocks nothing.
	for _, slip := range []string{"", "On", "true", "on ", "yes"} {
		store.value = slip
		c.pass(15 * time.Second)
		if got, err := s.On(t.Context()); got || !errors.Is(err, fault.Unavailable) || fault.Reason(err) != "switch_unreadable" {
			t.Errorf("%q: %t, %v", slip, got, err)
		}
	}
}

// TestASwitchIsNeverStale: it may have been switched off since.
func TestASwitchIsNeverStale(t *testing.T) {
	store, c := &parameters{value: "on"}, newClock()
	s := cloud.NewSwitch(store, "/name", 15*time.Second, c.read)
	if on, err := s.On(t.Context()); err != nil || !on {
		t.Fatal(on, err)
	}
	store.err = errDown
	c.pass(15 * time.Second)
	for range 2 {
		if on, err := s.On(t.Context()); on || !errors.Is(err, fault.Unavailable) {
			t.Errorf("%t, %v", on, err)
		}
	}
	store.err, store.value = nil, "off"
	if on, err := s.On(t.Context()); err != nil || on {
		t.Errorf("readable again: %t, %v", on, err)
	}
}

func TestSecret(t *testing.T) {
	store, c := &parameters{err: errDown}, newClock()
	s := cloud.NewSecret(store, "/name", c.read)
	value := func(want string) {
		t.Helper()
		if got, err := s.Value(t.Context()); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if got, err := s.Value(t.Context()); got != "" || !errors.Is(err, fault.Unavailable) {
		t.Errorf("never read: %q, %v", got, err)
	}
	store.err, store.value = nil, "one"
	value("one")
	store.value = "two"
	c.pass(5*time.Minute - 1)
	value("one")
	c.pass(1)
	value("two")

	// When it cannot be read again, the value known stays in use, and not every caller waits for the next failure.
	store.err, store.value = errDown, "three"
	c.pass(5 * time.Minute)
	before := store.reads.Load()
	for range 5 {
		value("two")
	}
	if reads := store.reads.Load() - before; reads != 1 {
		t.Errorf("%d reads of a store that is down, want 1", reads)
	}
	c.pass(15 * time.Second)
	value("two")
	if reads := store.reads.Load() - before; reads != 2 {
		t.Errorf("%d reads 15 seconds later, want 2", reads)
	}
	store.err = nil
	c.pass(15 * time.Second)
	value("three")
}

func TestManyCallersReadOnce(t *testing.T) {
	store, c := &parameters{value: "one"}, newClock()
	s := cloud.NewSecret(store, "/name", c.read)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got, err := s.Value(t.Context()); got != "one" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
	if reads := store.reads.Load(); reads != 1 {
		t.Errorf("%d reads", reads)
	}
}

func TestPrimingReads(t *testing.T) {
	store, c := &parameters{value: "on"}, newClock()
	s := cloud.NewSwitch(store, "/name", 15*time.Second, c.read)
	if err := s.Prime(t.Context()); err != nil {
		t.Fatal(err)
	}
	if on, err := s.On(t.Context()); !on || err != nil || store.reads.Load() != 1 {
		t.Errorf("%t, %v after %d reads", on, err, store.reads.Load())
	}
}

func TestFailuresNameTheParameterAndNotItsValue(t *testing.T) {
	store, c := &parameters{err: errDown, value: "canary"}, newClock()
	_, err := cloud.NewSecret(store, "/name", c.read).Value(t.Context())
	if err == nil || err.Error() != "read parameter /name: unavailable: context deadline exceeded" {
		t.Errorf("%v", err)
	}
}
