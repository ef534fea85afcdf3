// Package localtest runs the local DynamoDB and SQS servers for tests, with the
// tables and queues that template.yaml declares.
package localtest

import (
	"testing"

	"losttrn/internal/local"
)

// Servers starts fresh servers, empty but for the tables and queues, and stops
// them when the test ends.
func Servers(t testing.TB) *local.Servers {
	t.Helper()
	return ServersWith(t, nil)
}

// ServersWith is Servers with parameters of template.yaml overridden.
func ServersWith(t testing.TB, parameters map[string]string) *local.Servers {
	t.Helper()
	s, err := local.StartServers(t.Context(), local.ServersOptions{
		Dir:        t.TempDir(),
		Parameters: parameters,
		Progress:   func(line string) { t.Log(line) },
		Report:     func(err error) { t.Log(err) },
		Output:     t.Output(),
	})
	if err != nil {
		t.Fatalf("start the local servers: %v", err)
	}
	t.Cleanup(s.Stop)
	return s
}
