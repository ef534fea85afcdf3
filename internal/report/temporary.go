package report

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

const temporaryPrefix = ".report-"

// Temporary creates a temporary folder for a report, below another one or, for "", the system's. The caller removes it.
func Temporary(in string) (string, error) { return os.MkdirTemp(in, temporaryPrefix+"*") }

// Sweep removes folders beside a new one that other calls of Temporary made and that a killed process left behind,
// because they hold personal data: every folder that was not modified for longer than any report takes. Ages are
// relative to the new folder's own time, so that both times come from the file system's clock.
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
