// Package parallel runs functions concurrently and recovers their panics: a panic becomes an error of the group.
// Otherwise it would end the process and print its value, which may be something that a person typed.
package parallel

import (
	"context"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/fault"
)

// Group runs functions side by side and waits for them.
type Group struct{ group *errgroup.Group }

// All returns a group in which every function runs to its end, even if others fail.
func All() Group { return Group{&errgroup.Group{}} }

// UntilFailure returns a group whose context ends as soon as one of its functions fails.
func UntilFailure(ctx context.Context) (Group, context.Context) {
	group, ctx := errgroup.WithContext(ctx)
	return Group{group}, ctx
}

// Go runs a function beside the others.
func (g Group) Go(do func() error) {
	g.group.Go(func() error { return fault.Confine(do) })
}

// Wait waits for all and returns the first failure.
func (g Group) Wait() error { return g.group.Wait() }
