package report

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

const temporaryPrefix = ".report-"

// Temporary makes a folder to make a report in, below another ("" is the system's for such things); remove it
// afterwards.
func Temporary(in string) (string, error) { return os.MkdirTemp(in, temporaryPrefix+"*") }

// Sweep removes what Temporary made below a folder and a process that was killed left behind: everything that has
// not been touched for longer than any report takes. The files are copies of what people told us.
func Sweep(in string, now time.Time) error {
	if in == "" {
		in = os.TempDir()
	}
	entries, err := os.ReadDir(in)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), temporaryPrefix) {
			continue
		}
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) < abandoned {
			continue // gone meanwhile, or in use
		}
		if err := os.RemoveAll(filepath.Join(in, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// abandoned is longer than the report function may run.
const abandoned = 20 * time.Minute
