package reportcmd_test

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/local/progress"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/running"
	"losttrn/internal/report/dataset"
)

// console tells on out what is read, at a moment that stands still.
func console(out io.Writer) *reportcmd.Console {
	now := time.Unix(0, 0)
	return &reportcmd.Console{Line: &progress.Line{Out: out, Clock: func() time.Time { return now }}}
}

func TestADownloadedFolder(t *testing.T) {
	export, out := t.TempDir(), filepath.Join(t.TempDir(), "reports", "latest")
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	if err := (exportgen.Service{Seed: 1, Items: 1000, At: at, Prefix: "runs/2026-11-22"}).Write(export); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	folder := reportcmd.Folder{Export: export, Out: out, Progress: console(&told)}
	made, err := folder.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if made.Items != 1000 || made.From != "2026-10-22" || made.To != "2026-11-21" {
		t.Errorf("%+v", made)
	}
	want := "Reading the tables as they were at 2026-11-22 00:00:00 (London): 290 emails, 700 lookups, 10 helpdeskRequests\n" +
		"1,000 of 1,000 items (100%), 1,000,000 a second\n"
	if told.String() != want {
		t.Errorf("told %q, want %q", told.String(), want)
	}
	before := names(t, out)
	if strings.Join(before, " ") != "helpdesk-requests.csv helpdesk.xlsx pending.csv repeat-emails.csv report.json report.sqlite summary.html undelivered.csv unlocks.csv unreadable.csv" {
		t.Errorf("made %v", before)
	}

	for _, name := range append(before, ".") { // they hold people
		info, err := os.Stat(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", name, info.Mode())
		}
	}

	// A folder that cannot be reported leaves the old report, and nothing else.
	data, err := filepath.Glob(filepath.Join(export, "runs", "2026-11-22", "AWSDynamoDB", "*", "data", "*"))
	if err != nil || len(data) == 0 {
		t.Fatal(err)
	}
	if err := os.Truncate(data[0], 30); err != nil {
		t.Fatal(err)
	}
	var refusal *dataset.Refusal
	if _, err := folder.Make(t.Context()); !errors.As(err, &refusal) {
		t.Errorf("not refused: %v", err)
	}
	if after := names(t, out); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("left %v", after)
	}
	if left := names(t, filepath.Dir(out)); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

func TestAFolderThatIsNone(t *testing.T) {
	for export, want := range map[string]string{
		filepath.Join(t.TempDir(), "none"): "does not exist.",
		t.TempDir():                        "There is no export of the emails table among the 0 exports found",
	} {
		_, err := reportcmd.Folder{Export: export, Out: filepath.Join(t.TempDir(), "out"), Progress: console(&bytes.Buffer{})}.Make(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestNoStack(t *testing.T) {
	dir := t.TempDir()
	_, err := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: dir, Clock: time.Now}.Make(t.Context())
	if !errors.Is(err, running.ErrNone) || !strings.Contains(err.Error(), "or name a downloaded export with EXPORT=folder") {
		t.Errorf("%v", err)
	}
}

// TestAStackThatWasKilled left its file behind.
func TestAStackThatWasKilled(t *testing.T) {
	dir := t.TempDir()
	ghost := httptest.NewServer(nil)
	ghost.Close() // nothing answers at its address any more
	file := filepath.Join(dir, "stack.json")
	kept := `{"gateway":"` + ghost.URL + `","endpoints":{"s3":"` + ghost.URL + `"},"buckets":{"export":"e","report":"r"}}`
	if err := os.WriteFile(file, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := reportcmd.Stack{StateFile: file, Out: dir, Clock: time.Now}.Make(t.Context())
	if !errors.Is(err, running.ErrNone) {
		t.Errorf("%v", err)
	}
}

// TestProgressOnATerminal is one line that is written over, and ends with everything read.
func TestProgressOnATerminal(t *testing.T) {
	var told bytes.Buffer
	now := time.Unix(0, 0)
	line := &progress.Line{Out: &told, Terminal: true, Clock: func() time.Time { return now }}
	c := &reportcmd.Console{Line: line}
	c.Found(&dataset.Set{Time: now, Exports: map[dataset.Table]*dataset.Export{
		dataset.Emails: {Items: 1000}, dataset.Lookups: {Items: 3000}, dataset.HelpdeskRequests: {}}})
	told.Reset()
	now = now.Add(time.Second)
	c.Read(dataset.Emails, 1000)
	c.Read(dataset.Emails, 500) // late
	now = now.Add(time.Second)
	c.Read(dataset.Lookups, 3000)
	line.End()
	want := "\r\x1b[K1,000 of 4,000 items (25%), 1,000 a second\r\x1b[K4,000 of 4,000 items (100%), 2,000 a second\n"
	if told.String() != want {
		t.Errorf("told %q, want %q", told.String(), want)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
