// Package reportcmd makes the reports on an engineer's machine, from a downloaded export folder or from the data of the
// local stack.
package reportcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
)

// Folder is a request for reports from downloaded exports.
type Folder struct {
	Export   string                   // the folder with the exports, at whatever depth
	Names    map[dataset.Table]string // names or ARNs of tables that are not recognised
	Days     dataset.Days
	Out      string // the folder of the report; it is replaced as a whole
	Workers  int
	Progress Progress
}

// Progress follows the making of a report.
type Progress interface {
	Found(set *dataset.Set)
	Read(table dataset.Table, items int64)
}

// Make makes the report of the newest exports in the folder.
func (f Folder) Make(ctx context.Context) (*report.Description, error) {
	source, err := dataset.OpenFolder(f.Export)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	set, err := dataset.Search{Naming: dataset.ByName(f.Names)}.Find(ctx, source)
	if err != nil {
		return nil, err
	}
	f.Progress.Found(set)
	var made *report.Description
	err = Replace(f.Out, func(dir string) (err error) {
		made, err = report.Make(ctx, source, set, report.Options{Days: f.Days, Previous: previous(f.Out, set.Time), Dir: dir, Workers: f.Workers,
			Progress: f.Progress.Read})
		return err
	})
	return made, err
}

// previous returns the moment of the report that will be replaced, if it is older than the new one. Requests after it
// are marked as new. A report that cannot be read has none.
func previous(dir string, at time.Time) time.Time {
	body, err := os.ReadFile(filepath.Join(dir, report.DescriptionFile))
	if err != nil {
		return time.Time{}
	}
	var old report.Description
	if err := json.Unmarshal(body, &old); err != nil {
		return time.Time{}
	}
	moment, err := time.Parse(time.RFC3339, old.ExportTime)
	if err != nil || !moment.Before(at) {
		return time.Time{}
	}
	return moment
}

// Replace fills a new folder and then replaces another by it, so that no incomplete report is visible. If filling
// fails, the old folder stays.
func Replace(dir string, fill func(dir string) error) error {
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	fresh, err := report.Temporary(parent)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer os.RemoveAll(fresh)
	if err := fill(fresh); err != nil {
		return err
	}
	old, err := report.Temporary(parent)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer os.RemoveAll(old)
	if err := os.Rename(dir, filepath.Join(old, "report")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace the report: %w", err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		return fmt.Errorf("replace the report: %w", err)
	}
	return nil
}
