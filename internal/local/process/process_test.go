package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"losttrn/internal/local/waiting"
)

// With PARENT set, the test's binary starts a child, tells its process id, and
// waits to be killed.
func TestMain(m *testing.M) {
	if os.Getenv("PARENT") == "" {
		os.Exit(m.Run())
	}
	p, err := Start(Command{Path: "/bin/sleep", Args: []string{"600"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(p.PID())
	<-p.Done()
}

// gone tells whether a process has ended: it is not there, or it waits for a
// parent that has no interest in it.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(status), ") Z ")
}

func TestAChildDoesNotOutliveItsParent(t *testing.T) {
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = []string{"PARENT=1"}
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if gone(child) {
		t.Fatal("the child does not run")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	waiting.Until(t, "the child outlives its parent", func() bool { return gone(child) })
}

// The shell that stands between on systems whose kernel does not see to it.
func TestTheWatchingShellEndsTheChildWithItsParent(t *testing.T) {
	for name, c := range map[string]struct {
		arguments []string
		code      int
	}{
		"the child ends by itself": {[]string{"/bin/sh", "-c", "exit 7"}, 7},
		"the parent goes":          {[]string{"/bin/sleep", "600"}, 137},
	} {
		t.Run(name, func(t *testing.T) {
			read, write, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(c.arguments[0], c.arguments[1:]...)
			watch(cmd)
			cmd.Stdin = read
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			read.Close()
			if c.code == 137 {
				write.Close()
			}
			if code := exitCode(cmd.Wait()); code != c.code {
				t.Errorf("exit code %d, not %d", code, c.code)
			}
			write.Close()
		})
	}
}

func TestStopAsksAndThenKills(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		code   int
	}{
		"willing":   {"trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done", 5},
		"unwilling": {"trap '' TERM; echo ready; while :; do sleep 0.01; done", -1},
	} {
		t.Run(name, func(t *testing.T) {
			read, write := io.Pipe()
			p, err := Start(Command{Path: "/bin/sh", Args: []string{"-c", c.script}, Env: []string{"PATH=/bin:/usr/bin"}, Output: write})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(read).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			go io.Copy(io.Discard, read)
			p.Stop(200 * time.Millisecond)
			if code := exitCode(p.Err()); code != c.code {
				t.Errorf("exit code %d, not %d", code, c.code)
			}
		})
	}
}

func TestKillEndsTheWholeGroup(t *testing.T) {
	read, write := io.Pipe()
	p, err := Start(Command{Path: "/bin/sh", Args: []string{"-c", "sleep 600 & echo $!; wait"}, Env: []string{"PATH=/bin:/usr/bin"}, Output: write})
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	grandchild, _ := strconv.Atoi(strings.TrimSpace(line))
	p.Kill()
	waiting.Until(t, "the grandchild lives", func() bool { return gone(grandchild) })
	p.Stop(0) // harmless once it has ended
}

func TestACommandThatIsNotThere(t *testing.T) {
	if _, err := Start(Command{Path: "/nowhere"}); err == nil {
		t.Error("no error")
	}
}

// counter is a command that leaves a mark at each start.
func counter(dir, then string) Command {
	return Command{Path: "/bin/sh", Args: []string{"-c", "echo x >> starts; " + then}, Dir: dir, Env: []string{"PATH=/bin:/usr/bin"}}
}

func starts(dir string) int {
	text, _ := os.ReadFile(filepath.Join(dir, "starts"))
	return strings.Count(string(text), "x")
}

func TestAServiceThatEndsIsStartedAgain(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var reports []string
	answered := make(chan struct{}, 2)
	ready := func(context.Context) error {
		waiting.Until(t, "it does not start", func() bool { return starts(dir) > 0 })
		answered <- struct{}{}
		return nil
	}
	s, err := Keep(t.Context(), Options{
		Name: "the test", Command: counter(dir, "sleep 600"), Ready: ready,
		Report: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, err.Error())
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	<-answered
	first := s.PID()
	if err := syscall.Kill(-first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-answered:
	case <-time.After(waiting.Limit):
		t.Fatal("it is not started again")
	}
	second := s.PID()
	if second == first {
		t.Error("the process is the same")
	}
	s.Stop()
	if !gone(second) {
		t.Error("it runs after Stop")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(reports) != 1 || !strings.Contains(reports[0], "the test ended (signal: killed) and is started again") {
		t.Errorf("reports: %q", reports)
	}
}

func TestAServiceThatCannotRunIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	if _, err := Keep(t.Context(), Options{Name: "the test", Command: counter(dir, "exit 3"), Ready: waits}); err == nil || !strings.Contains(err.Error(), "the test did not start: it ended at once: exit status 3") {
		t.Errorf("got %v", err)
	}

	given := make(chan string, 100)
	s, err := Keep(t.Context(), Options{
		// It runs the first time alone.
		Name: "the test", Command: counter(dir, "test $(wc -l < starts) = 2 && sleep 0.05; exit 3"),
		Ready: func(ctx context.Context) error {
			if starts(dir) > 2 {
				return waits(ctx)
			}
			return nil
		},
		Report: func(err error) { given <- err.Error() },
	})
	if err != nil {
		t.Fatal(err)
	}
	for line := range given {
		if strings.Contains(line, "given up") {
			break
		}
	}
	s.Stop()
}

// waits is never ready.
func waits(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestAStartThatIsInterruptedLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	_, err := Keep(ctx, Options{
		Name: "the test", Command: counter(dir, "echo $$ > pid; exec sleep 600"),
		Ready: func(ctx context.Context) error {
			waiting.Until(t, "it starts and says who it is", func() bool {
				text, _ := os.ReadFile(filepath.Join(dir, "pid"))
				return len(text) > 0
			})
			cancel()
			return waits(ctx)
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "pid"))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	if pid == 0 || !gone(pid) {
		t.Errorf("process %d runs", pid)
	}
}

// exitCode returns the exit code in the error of a finished process, -1 if a signal ended it.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}
