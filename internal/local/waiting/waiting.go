// Package waiting lets tests wait for a condition.
package waiting

import (
	"testing"
	"time"
)

// Limit is how long a test waits for what must happen; nothing is timed by it.
const Limit = time.Minute

// Until waits until a condition holds, and fails the test if it does not within Limit.
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
