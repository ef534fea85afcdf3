// Package process runs child processes that never outlive the local stack: each
// has a process group of its own (so that Ctrl-C reaches the stack alone, which
// then stops them in order), and dies with the stack even if that is killed.
package process

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Command is a program to run.
type Command struct {
	Path string
	Args []string
	Dir  string
	// Env is the whole environment: nothing is inherited.
	Env []string
	// Output takes what the process writes to either stream; nil discards it.
	Output io.Writer
}

// Process is a running child.
type Process struct {
	pid   int
	done  chan struct{}
	mu    sync.Mutex
	err   error
	ended bool
}

// Start runs a command.
func Start(c Command) (*Process, error) {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	if cmd.Env == nil {
		cmd.Env = []string{}
	}
	cmd.Stdout, cmd.Stderr = c.Output, c.Output
	cmd.WaitDelay = time.Second // a grandchild may hold the output open
	// A pipe that nobody writes to: it closes when this process ends, however it
	// ends, and a child that watches its standard input ends with it.
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Path, err)
	}
	cmd.Stdin = read
	bind(cmd)

	p := &Process{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// On Linux the death signal is bound to the thread that started the child, not to the process, so this thread
		// stays for as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		read.Close()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err != nil {
			write.Close()
			return
		}
		err = cmd.Wait()
		p.mu.Lock()
		p.err, p.ended = err, true
		p.mu.Unlock()
		write.Close()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Path, err)
	}
	return p, nil
}

// PID returns the child's process id.
func (p *Process) PID() int { return p.pid }

// Done returns a channel that is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err returns how the child ended: nil for success. It must be called after Done is closed.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Kill ends the child and everything in its group at once, and waits for it.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// Stop asks the child to end, and kills it if it has not within grace.
func (p *Process) Stop(grace time.Duration) {
	p.signal(syscall.SIGTERM)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.Kill()
	}
}

// signal reaches the whole group, but never a group whose leader has been waited for: its id may be that of another
// process by now.
func (p *Process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		_ = syscall.Kill(-p.pid, s)
	}
}
