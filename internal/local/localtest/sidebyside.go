package localtest

import (
	"sync"
	"testing"
)

// Part is a part of a test, which has a fixture to itself while it runs.
type Part[F any] struct {
	Name string
	Test func(t *testing.T, fixture F)
}

// SideBySide runs parts of a test as subtests, as many at once as there are fixtures. It is for parts that wait more
// than they compute, such as for a call that hangs; the flag -parallel does not bound it.
func SideBySide[F any](t *testing.T, fixtures []F, parts []Part[F]) {
	t.Helper()
	waiting := make(chan Part[F])
	var workers sync.WaitGroup
	for _, fixture := range fixtures {
		workers.Go(func() {
			for part := range waiting {
				t.Run(part.Name, func(t *testing.T) { part.Test(t, fixture) })
			}
		})
	}
	for _, part := range parts {
		waiting <- part
	}
	close(waiting)
	workers.Wait()
}
