// Package localtest runs the local DynamoDB and SQS servers for tests, with the
// tables and queues that template.yaml declares.
//
// The servers start once for each package, when its first test asks for them;
// each test has tables and queues of its own on them. A package that uses them has
//
//	func TestMain(m *testing.M) { localtest.Main(m) }
package localtest

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"losttrn/internal/local"
)

// running are the servers of the package under test, and the folder of their data.
var running struct {
	sync.Mutex
	dir     string // "" unless Main runs the tests
	servers *local.Servers
}

// stacks numbers the sets of tables and queues.
var stacks atomic.Int64

// Main runs the tests of a package, stops the servers if any test started them, and exits.
func Main(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	debug.SetGCPercent(400) // a test's heap is small, and it ends soon
	dir, err := os.MkdirTemp("", "localtest")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	running.dir = dir
	defer func() {
		if running.servers != nil {
			running.servers.Stop()
		}
	}()
	return m.Run()
}

// start starts the servers, unless they run.
func start(ctx context.Context) (*local.Servers, error) {
	running.Lock()
	defer running.Unlock()
	if running.servers != nil {
		return running.servers, nil
	}
	if running.dir == "" {
		return nil, fmt.Errorf("the package has no TestMain that calls localtest.Main")
	}
	report := func(a any) { fmt.Fprintln(os.Stderr, a) }
	var err error
	running.servers, err = local.StartServers(ctx, local.ServersOptions{
		Dir:      running.dir,
		InMemory: true,
		Progress: func(line string) { report(line) },
		Report:   func(err error) { report(err) },
		Output:   os.Stderr,
	})
	return running.servers, err
}

// Servers returns the package's servers with tables and queues that are empty and
// this test's alone.
func Servers(t testing.TB) *local.Servers {
	t.Helper()
	return ServersWith(t, nil)
}

// ServersWith is Servers with parameters of template.yaml overridden.
func ServersWith(t testing.TB, parameters map[string]string) *local.Servers {
	t.Helper()
	s, err := start(context.WithoutCancel(t.Context())) // they outlive the test
	if err == nil {
		s, err = s.Beside(t.Context(), fmt.Sprint("test-", stacks.Add(1)), parameters)
	}
	if err != nil {
		t.Fatalf("start the local servers: %v", err)
	}
	return s
}
