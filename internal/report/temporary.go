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

// Sweep removes what other calls of Temporary made beside a folder that it made just now, and a process that was killed
// left behind: everything that has not been touched for longer than any report takes. The files are copies of what people
// told us. How old they are is told by the new folder's own time, so that both times are of the file system's clock.
func Sweep(fresh string) error {
	made, err := os.Stat(fresh)
	if err != nil {
		return err
	}
	in := filepath.Dir(fresh)
	entries, err := os.ReadDir(in)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), temporaryPrefix) {
			continue
		}
		info, err := entry.Info()
		if err != nil || made.ModTime().Sub(info.ModTime()) < abandoned {
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
