package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/report/csvfile"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/run"
	"losttrn/internal/report/summary"
)

// The names of the files.
const (
	RepeatEmailsFile     = "repeat-emails.csv"
	UnlocksFile          = "unlocks.csv"
	HelpdeskRequestsFile = "helpdesk-requests.csv"
	SummaryFile          = "summary.html"
	DescriptionFile      = "report.json"
)

// sortMemory is what each of the four sortings may keep in memory, in bytes.
const sortMemory = 8 << 20

// DefaultWorkers is how many files are read side by side: two saturate the processor share of the function, and
// each has buffers.
const DefaultWorkers = 4

// Options say what to report and how.
type Options struct {
	Days    run.Days // zero: the 31 days before the export
	Dir     string   // the empty folder to write to
	Workers int      // 0: DefaultWorkers
	// Progress is told how many items of a table have been read so far, from several goroutines at once.
	Progress func(table dataset.Table, items int64)
}

// Description says what a report is made of and what files it has.
type Description struct {
	Version    int    `json:"version"`
	Run        string `json:"run,omitempty"`
	ExportTime string `json:"exportTime"`
	From       string `json:"from"` // the first day covered by unlocks.csv and the summary
	To         string `json:"to"`   // the last
	Items      int64  `json:"items"`
	Files      []File `json:"files"`
}

// File is one file of a report.
type File struct {
	Name   string `json:"name"`
	Key    string `json:"key,omitempty"` // where it is published
	Rows   *int   `json:"rows,omitempty"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Make reads the exports and writes the report's files. When it fails, the folder may hold parts of them: throw
// it away.
func Make(ctx context.Context, source dataset.Source, set *dataset.Set, options Options) (*Description, error) {
	m := newMaking(source, set, options)
	defer m.close()
	for _, step := range []func(context.Context) error{m.readEmails, m.readLookups, m.readRequests} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	for _, write := range []func() error{m.writeRepeats, m.writeUnlocks, m.writeRequests, m.writeSummary} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return m.describe()
}

func (m *making) describe() (*Description, error) {
	m.description.Version = 1
	m.description.ExportTime = m.at.Format(time.RFC3339)
	m.description.From, m.description.To = m.figures.From.ISO(), m.figures.To.ISO()
	m.description.Items = m.set.Items()
	return &m.description, WriteDescription(m.options.Dir, &m.description)
}

// WriteDescription writes report.json.
func WriteDescription(dir string, d *Description) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, DescriptionFile), append(text, '\n'), 0o600)
}

// file writes a file and describes it.
func (m *making) file(name string, write func(io.Writer) (rows *int, err error)) (err error) {
	file, err := os.OpenFile(filepath.Join(m.options.Dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	sum, size := sha256.New(), &counter{}
	rows, err := write(io.MultiWriter(file, sum, size))
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	m.description.Files = append(m.description.Files,
		File{Name: name, Rows: rows, Bytes: size.n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// csv writes a CSV file whose rows come from each.
func (m *making) csv(name string, header []string, each func(row func([]byte) error) error) error {
	return m.file(name, func(to io.Writer) (*int, error) {
		w := csvfile.NewWriter(to, header...)
		err := each(w.WriteRow)
		return &w.Rows, errors.Join(err, w.Flush())
	})
}

func (m *making) writeSummary() error {
	return m.file(SummaryFile, func(to io.Writer) (*int, error) { return nil, summary.Write(to, m.figures) })
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
