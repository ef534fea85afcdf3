//go:build faults

package endtoend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/local/faults"
	"losttrn/internal/local/running"
)

// desk is the name under which the program helpdesk makes its calls.
const desk = "helpdesk"

// liftable makes a mailbox that found two people, the second of whom was refused.
func liftable(x *trial) {
	x.m.underWay.RLock()
	defer x.m.underWay.RUnlock()
	first := x.person(nil)
	x.w.decided(x, x.must(first.fields(first.email), "first", "trn_sent"))
	second := x.person(nil)
	x.emails = x.emails[:1]
	x.w.decided(x, x.must(second.fields(first.email), "second", "trn_sent"))
}

// liftAndErase lifts the mailbox, has the refusal judged again, and erases what is held about the first person. A command
// that failed is given again.
//
// An erasure looks at every message in the queues, and has itself repeated while functions handle some: one goes on alone,
// while no other trial has anything under way.
func liftAndErase(x *trial) error {
	if !x.judged && !x.busy {
		x.m.underWay.RLock()
		x.busy = true
	}
	commands := [][]string{
		{"lift", "-email", x.emails[0], "-why", "sisters", "-by", "Jo", "-yes"},
		{"retry", "-reference", x.lookups[1], "-why", "lifted", "-by", "Jo", "-yes"},
		{"erase", "-email", x.emails[0], "-by", "Jo", "-yes"},
	}
	for len(x.answers) < len(commands) {
		args := commands[len(x.answers)]
		if args[0] == "erase" && !x.judged {
			// The last of what a lookup sets in motion is the email that the account is unlocked.
			if got := x.w.decided(x, x.lookups[1]); got != "unlocked[]" {
				return fmt.Errorf("judged again: %s", got)
			}
			x.judged, x.busy = true, false
			x.m.underWay.RUnlock()
		}
		if args[0] == "erase" {
			x.m.underWay.Lock()
		}
		out, err := x.program(args...)
		if args[0] == "erase" {
			x.m.underWay.Unlock()
		}
		if err != nil && !alreadyDone(args[0], out) {
			return fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
		x.answers = append(x.answers, out)
	}
	return nil
}

// alreadyDone reports whether a command that is given again says that there is nothing left to do.
func alreadyDone(command, said string) bool {
	return command == "retry" && strings.Contains(said, "was unlocked")
}

// givesUp is how long a person at the helpdesk waits before they stop the program and start it again.
const givesUp = 12 * time.Second

// program runs the program helpdesk.
func (x *trial) program(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(x.Context(), givesUp)
	defer cancel()
	command := exec.CommandContext(ctx, filepath.Join(x.w.dir, desk), args...)
	command.Dir = x.desk
	var said strings.Builder
	command.Stdout, command.Stderr = &said, &said
	x.d.mu.Lock()
	x.kill = func() { _ = command.Process.Kill() } // it may have ended by itself
	x.d.mu.Unlock()
	err := command.Run()
	x.d.mu.Lock()
	x.kill = nil
	x.d.mu.Unlock()
	return said.String(), err
}

// buildDesk builds the program helpdesk.
func (m *matrix) buildDesk() {
	build := exec.CommandContext(m.Context(), "go", "build", "-o", filepath.Join(m.w.dir, desk), "../cmd/helpdesk")
	if out, err := build.CombinedOutput(); err != nil {
		m.Fatalf("%v: %s", err, out)
	}
}

// purge empties the dead-letter queues: an erasure looks at each message in them, and hides it from the next for a while.
func (m *matrix) purge() {
	for name, url := range m.w.Queues {
		if !strings.HasSuffix(name, "DeadLetter") {
			continue
		}
		if _, err := m.w.SQSClient().PurgeQueue(m.Context(), &sqs.PurgeQueueInput{QueueUrl: &url}); err != nil {
			m.Fatal(err)
		}
	}
}

// furnish makes a folder in which a trial runs the program helpdesk, with a proxy of its own between that and the servers.
func (x *trial) furnish() {
	x.desk = x.TempDir()
	index := x.m.index
	index.Endpoints = maps.Clone(index.Endpoints)
	for name, target := range index.Endpoints {
		proxy := &faults.Proxy{Choose: func(c faults.Call) faults.Fault { return x.d.ofDesk(x, c) }, Short: shortName}
		handler, err := proxy.Between(desk, target)
		if err != nil {
			x.Fatal(err)
		}
		server := httptest.NewServer(handler)
		x.proxies = append(x.proxies, server)
		index.Endpoints[name] = server.URL
	}
	text, err := json.Marshal(index)
	if err == nil {
		err = os.MkdirAll(filepath.Join(x.desk, ".local"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(x.desk, ".local", running.File), text, 0o600)
	}
	if err != nil {
		x.Fatal(err)
	}
}

// ofDesk says what happens to a call of the program helpdesk that a trial runs.
func (d *director) ofDesk(x *trial, c faults.Call) faults.Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	return x.happens(&invocation{function: desk, kill: x.kill}, c)
}
