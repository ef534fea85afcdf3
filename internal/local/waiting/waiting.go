// Package waiting waits, in tests, for what must happen.
package waiting

import (
	"testing"
	"time"
)

// Limit is how long a test waits for what must happen; nothing is timed by it.
const Limit = time.Minute

// Until waits until something is so, and fails the test if that does not come.
func Until(t testing.TB, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(Limit)
	for !so() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within %s: %s", Limit, what)
		}
	}
}
