package soak

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what the processes took at a moment, by what they run.
type usage struct {
	at        time.Duration
	processes map[string]taken
}

// taken is what the processes of one program took.
type taken struct {
	count, descriptors int
	kilobytes          int
}

// looks is the time between two measurements.
const looks = 2 * time.Second

// watch measures until ctx ends.
func (s *soak) watch(ctx context.Context) {
	tick := time.NewTicker(looks)
	defer tick.Stop()
	for {
		u := s.measure()
		s.mu.Lock()
		s.usage = append(s.usage, u)
		s.mu.Unlock()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// measure reads what the system says of the stack's processes, and of this one, which holds gateway, triggers, buckets
// and outbox. A process that has ended meanwhile is left out.
func (s *soak) measure() usage {
	u := usage{at: time.Since(s.began), processes: map[string]taken{}}
	for _, pid := range append(s.stack.PIDs(), os.Getpid()) {
		folder := filepath.Join("/proc", strconv.Itoa(pid))
		program, err := os.Readlink(filepath.Join(folder, "exe"))
		status, readErr := os.ReadFile(filepath.Join(folder, "status"))
		descriptors, listErr := os.ReadDir(filepath.Join(folder, "fd"))
		if err != nil || readErr != nil || listErr != nil {
			continue
		}
		name := filepath.Base(program)
		if name == "bootstrap" {
			name = filepath.Base(filepath.Dir(program))
		}
		if pid == os.Getpid() {
			name = "stack and generator"
		}
		t := u.processes[name]
		t.count++
		t.descriptors += len(descriptors)
		t.kilobytes += resident(string(status))
		u.processes[name] = t
	}
	return u
}

// slack is by how many more descriptors than at the beginning a program may hold at the end.
const slack = 20

// leaks names the programs that hold more descriptors when all is done than before anybody came.
func (s *soak) leaks() (wrong []string) {
	first, last := s.usage[0].processes, s.usage[len(s.usage)-1].processes
	for name, at := range last {
		if at.descriptors > first[name].descriptors+slack {
			wrong = append(wrong, fmt.Sprintf("%s holds %d descriptors at the end, and held %d", name, at.descriptors, first[name].descriptors))
		}
	}
	return wrong
}

func resident(status string) int {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kilobytes int
			if _, err := fmt.Sscanf(rest, "%d kB", &kilobytes); err == nil {
				return kilobytes
			}
		}
	}
	return 0
}
