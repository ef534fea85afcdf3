package stack_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"losttrn/internal/local"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/stack"
)

// stackDir is the variable that makes the test's binary a stack with its data there.
const stackDir = "STACK_DIR"

// runStack runs the fixture's service, tells its processes, and waits to be killed.
func runStack() {
	project, err := local.FindProject()
	if err != nil {
		panic(err)
	}
	s, err := stack.Start(context.Background(), stack.Options{
		Project: "testdata/service", Manifest: filepath.Join(string(project), "internal", "local"),
		Dir: os.Getenv(stackDir), Emails: map[string]outbox.Template{},
	})
	if err != nil {
		panic(err)
	}
	text, _ := json.Marshal(s.PIDs())
	fmt.Println(string(text))
	select {}
}

func TestNothingOutlivesAStackThatIsKilled(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), stackDir+"="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	if err := json.Unmarshal(line, &pids); err != nil || len(pids) != 6 {
		t.Fatalf("processes: %s", line)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for _, pid := range pids {
		eventually(t, fmt.Sprintf("process %d outlives the stack", pid), func() bool { return gone(pid) })
	}
}

// gone tells whether a process has ended: it is not there, or it waits for a
// parent that has no interest in it.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(status), ") Z ")
}
