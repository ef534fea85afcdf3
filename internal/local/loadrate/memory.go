package loadrate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// memory is the highest observed memory of the load function's process, in bytes, by invocation.
type memory map[int]int64

// look reads the load function's memory from /proc; without /proc it records nothing.
func (m memory) look(pids []int, invocation int) {
	for _, pid := range pids {
		folder := fmt.Sprintf("/proc/%d", pid)
		program, err := os.Readlink(filepath.Join(folder, "exe"))
		if err != nil || filepath.Base(filepath.Dir(program)) != "LoadFunction" {
			continue // it ended, or is another
		}
		var size, resident int64
		text, err := os.ReadFile(filepath.Join(folder, "statm"))
		if err != nil {
			continue
		}
		if _, err := fmt.Fscan(strings.NewReader(string(text)), &size, &resident); err != nil {
			continue
		}
		m[invocation] = max(m[invocation], resident*int64(os.Getpagesize()))
	}
}

// most returns the largest of all invocations.
func (m memory) most() int64 {
	most := int64(0)
	for _, bytes := range m {
		most = max(most, bytes)
	}
	return most
}
