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
	"losttrn/internal/local/waiting"
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
		Dir: os.Getenv(stackDir), Builds: filepath.Join(os.Getenv(stackDir), "builds"), Emails: map[string]outbox.Template{},
	})
	if err != nil {
		panic(err)
	}
	text, _ := json.Marshal(killed{s.PIDs(), s.Gateway})
	fmt.Println(string(text))
	select {}
}

// killed is what a stack that is to be killed tells of itself.
type killed struct {
	PIDs    []int
	Gateway string
}

func TestMessagesAloneOutliveAStackThatIsKilled(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), stackDir+"="+dir)
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
	var running killed
	if err := json.Unmarshal(line, &running); err != nil || len(running.PIDs) != 7 {
		t.Fatalf("processes: %s", line)
	}
	const sent = 50
	for i := range sent {
		ok(t, "POST", running.Gateway+"/send", strconv.Itoa(i))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for _, pid := range running.PIDs {
		waiting.Until(t, fmt.Sprintf("process %d outlives the stack", pid), func() bool { return gone(pid) })
	}
	again := start(t, options(t, dir))
	for i := range sent {
		waiting.Until(t, fmt.Sprintf("message %d was acknowledged and lost", i), func() bool { return noted(t, again, "message "+strconv.Itoa(i)) })
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
