package parallel_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/parallel"
)

func TestAPanicIsAFailureWithoutItsValue(t *testing.T) {
	for name, run := range map[string]func() error{
		"all": func() error {
			g := parallel.All()
			g.Go(func() error { panic("canary@example.com") })
			return g.Wait()
		},
		"until failure": func() error {
			g, ctx := parallel.UntilFailure(t.Context())
			g.Go(func() error { panic("canary@example.com") })
			g.Go(func() error { <-ctx.Done(); return nil }) // ends because the other failed
			return g.Wait()
		},
	} {
		if err := run(); fault.Reason(err) != "panic" || !strings.Contains(err.Error(), "TestAPanicIsAFailureWithoutItsValue") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllRunToTheirEnd(t *testing.T) {
	g := parallel.All()
	failed := make(chan struct{})
	done := false
	g.Go(func() error { defer close(failed); return context.Canceled })
	g.Go(func() error { <-failed; done = true; return nil })
	if err := g.Wait(); !errors.Is(err, context.Canceled) || !done {
		t.Errorf("%v, done %t", err, done)
	}
}
