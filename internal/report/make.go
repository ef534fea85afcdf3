package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/report/dataset"
	"losttrn/internal/report/summary"
)

// The names of the files; each list of reports.go has one too, with .csv at its end.
const (
	WorkbookFile    = "helpdesk.xlsx"
	SummaryFile     = "summary.html"
	DatabaseFile    = "report.sqlite"
	DescriptionFile = "report.json"
)

// DefaultWorkers is how many files are read side by side: two saturate the processor share of the function, and
// each has buffers.
const DefaultWorkers = 4

// Options are the choices of Make.
type Options struct {
	Days     dataset.Days // zero: the 31 days before the export
	Previous time.Time    // the moment of the report before, which tells what is new; zero if there was none
	Dir      string       // the empty folder to write to
	Workers  int          // 0: DefaultWorkers
	// Progress is called with how many items of a table have been read so far, by several goroutines at once.
	Progress func(table dataset.Table, items int64)
}

// Description describes a report: its sources and its files.
type Description struct {
	Version    int            `json:"version"`
	Run        string         `json:"run,omitempty"`
	ExportTime string         `json:"exportTime"`
	Previous   string         `json:"previous,omitempty"` // the moment of the report before
	From       string         `json:"from"`               // the first day covered by the lookups' reports and the summary
	To         string         `json:"to"`                 // the last
	Items      int64          `json:"items"`
	Unreadable int            `json:"unreadable"` // items that are in no report
	Counts     summary.Counts `json:"counts"`
	Files      []File         `json:"files"`
}

// File is one file of a report. Size and digest are given where making the file twice gives the same bytes.
type File struct {
	Name   string `json:"name"`
	Key    string `json:"key,omitempty"` // where it is published
	Rows   *int   `json:"rows,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// maker is a report in the making.
type maker struct {
	source      dataset.Source
	set         *dataset.Set
	options     Options
	at          time.Time // the moment reported
	window      window
	db          *database
	wanted      wanted
	reported    reported
	description Description
}

// Make reads the exports and writes the report's files. If it fails, the folder may hold incomplete files and must be
// deleted.
func Make(ctx context.Context, source dataset.Source, set *dataset.Set, options Options) (*Description, error) {
	if options.Workers == 0 {
		options.Workers = DefaultWorkers
	}
	if options.Progress == nil {
		options.Progress = func(dataset.Table, int64) {}
	}
	m := &maker{source: source, set: set, options: options, at: set.Time.UTC(), window: newWindow(set.Time, options.Days),
		wanted: wanted{digests: map[uint64]struct{}{}}, reported: reported{all: counts{}}}
	db, err := openDatabase(filepath.Join(options.Dir, DatabaseFile))
	if err != nil {
		return nil, err
	}
	m.db = db
	for _, step := range []func(context.Context) error{m.read, m.prepare, m.write} {
		if err := step(ctx); err != nil {
			_ = m.db.Close()
			return nil, err
		}
	}
	if err := m.db.Close(); err != nil {
		return nil, fmt.Errorf("close the report's database: %w", err)
	}
	m.description.Files = append(m.description.Files, File{Name: DatabaseFile})
	return m.describe()
}

// prepare fills the tables that the queries join, and ends the transaction that read began.
func (m *maker) prepare(ctx context.Context) error {
	for _, step := range []func(context.Context) error{m.fillRun, m.fillReasons, m.people} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return m.db.exec(ctx, query("prepare")+"COMMIT")
}

func (m *maker) describe() (*Description, error) {
	d := &m.description
	d.Version, d.ExportTime, d.Items = 2, m.at.Format(time.RFC3339), m.set.Items()
	if !m.options.Previous.IsZero() {
		d.Previous = m.options.Previous.UTC().Format(time.RFC3339)
	}
	return d, WriteDescription(m.options.Dir, d)
}

// WriteDescription writes report.json.
func WriteDescription(dir string, d *Description) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, DescriptionFile), append(text, '\n'), 0o600)
}

func digest(file *os.File) (size int64, sum string, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, "", err
	}
	hash := sha256.New()
	size, err = io.Copy(hash, file)
	return size, hex.EncodeToString(hash.Sum(nil)), err
}
