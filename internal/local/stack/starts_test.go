package stack_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/stack"
)

func TestStartsThatFailLeaveNothing(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	running := t.TempDir()
	other := start(t, options(t, running))

	for name, c := range map[string]struct {
		change func(*testing.T, *stack.Options)
		want   string
	}{
		"port taken":        {func(_ *testing.T, o *stack.Options) { o.Port = port }, fmt.Sprintf("port %d is taken by another program", port)},
		"another stack":     {func(_ *testing.T, o *stack.Options) { o.Dir = running }, "another local stack runs on " + running + " at " + other.Gateway + " (process " + strconv.Itoa(os.Getpid()) + "): stop it first"},
		"stack on the port": {func(_ *testing.T, o *stack.Options) { o.Port = portOf(other) }, "another local stack (process " + strconv.Itoa(os.Getpid())},
		"unknown parameter": {func(_ *testing.T, o *stack.Options) { o.Parameters = map[string]string{"Wrod": "x"} }, "the template has no parameter Wrod"},
		"no template":       {func(_ *testing.T, o *stack.Options) { o.Project = "testdata" }, "read the template"},
		"broken build":      {func(_ *testing.T, o *stack.Options) { o.Project = broken(t) }, "build "},
		"no Node":           {func(t *testing.T, _ *stack.Options) { t.Setenv("PATH", withoutNode(t)) }, "needs Node 20"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, t.TempDir())
			path := os.Getenv("PATH")
			c.change(t, &o)
			s, err := stack.Start(t.Context(), o)
			t.Setenv("PATH", path)
			if err == nil {
				s.Stop()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			if left := childrenOf(t, o.Dir); o.Dir != running && len(left) > 0 {
				t.Errorf("processes are left: %v", left)
			}
		})
	}
}

func portOf(s *stack.Stack) int {
	port, _ := strconv.Atoi(s.Gateway[strings.LastIndex(s.Gateway, ":")+1:])
	return port
}

// broken is the fixture with functions that do not build.
func broken(t *testing.T) local.Project {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile("testdata/service/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"template.yaml": string(text), "Makefile": "build-%:\n\tfalse\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return local.Project(dir)
}

// withoutNode is a PATH with what a build needs, and no more.
func withoutNode(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"make", "sh", "cp"} {
		for _, place := range []string{"/bin", "/usr/bin"} {
			if _, err := os.Stat(filepath.Join(place, name)); err == nil {
				_ = os.Symlink(filepath.Join(place, name), filepath.Join(dir, name))
			}
		}
	}
	return dir
}

// childrenOf finds processes whose command line names a folder.
func childrenOf(t *testing.T, dir string) []string {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range lines {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), dir) {
			found = append(found, file+" "+strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	return found
}

func TestAStartThatIsInterruptedLeavesNothing(t *testing.T) {
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		o := options(t, t.TempDir())
		s, err := stack.Start(ctx, o)
		cancel()
		if err == nil {
			s.Stop() // this machine was faster than the interruption
		}
		if left := childrenOf(t, o.Dir); len(left) > 0 {
			t.Errorf("interrupted after %s: %v", after, left)
		}
	}
}
