package report_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
)

// mostMemory is what a report may keep alive in Go's heap, whatever the size of the export: the buffers of the workers,
// the batches on their way to the database, and a sheet's buffer. The database's own cache of 16 MiB is beside it.
const mostMemory = 40 << 20

// mostAlive makes the report of what write exports, and returns how much was alive in the heap at most, as often as it
// looked, and the rows of unlocks. All lookups are of the days reported.
func mostAlive(t *testing.T, write func(bucket string) error) (most uint64, rows int) {
	t.Helper()
	bucket := t.TempDir()
	if err := write(bucket); err != nil {
		t.Fatal(err)
	}
	source, err := dataset.OpenFolder(bucket)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	set, err := dataset.Search{Naming: dataset.ByName(nil)}.Find(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var highest atomic.Uint64
	dir := t.TempDir()
	made, err := report.Make(t.Context(), source, set, report.Options{Dir: dir, Workers: 4, Progress: func(dataset.Table, int64) {
		runtime.GC() // so that only what is alive counts
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		highest.Store(max(highest.Load(), now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc)))
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range made.Files {
		if file.Name == "unlocks.csv" {
			rows = *file.Rows
		}
	}
	reconcile(t, dir)
	return highest.Load(), rows
}

// reconcile sees that the lookups that the summary counts, which several workers counted, are those that the lists are made
// from.
func reconcile(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, report.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var reported, lookups int
	if err := db.QueryRowContext(t.Context(), "SELECT (SELECT sum(number) FROM reported), (SELECT count(*) FROM lookups)").Scan(&reported, &lookups); err != nil {
		t.Fatal(err)
	}
	if reported != lookups {
		t.Errorf("the summary counts %d lookups of %d", reported, lookups)
	}
}

// TestMemoryDoesNotGrowWithTheExport: all rows of the larger export are in the report (each lookup is recent).
func TestMemoryDoesNotGrowWithTheExport(t *testing.T) {
	of := func(items int) func(string) error {
		return exportgen.Service{Seed: 1, Items: items, Days: 30, At: at}.Write
	}
	small, _ := mostAlive(t, of(20_000))
	large, rows := mostAlive(t, of(120_000))
	t.Logf("alive at most: %.1f MiB at 20,000 items, %.1f MiB at 120,000 (%d rows of lookups)", float64(small)/(1<<20), float64(large)/(1<<20), rows)
	if rows < 60_000 {
		t.Fatalf("only %d rows: the export is too small", rows)
	}
	if large > mostMemory {
		t.Errorf("%d bytes alive, more than %d", large, mostMemory)
	}
}

// TestMemoryDoesNotGrowWithTheItems: an item may be as large as DynamoDB lets it be.
func TestMemoryDoesNotGrowWithTheItems(t *testing.T) {
	const items = 400
	most, rows := mostAlive(t, func(bucket string) error {
		large := strings.Repeat("x", 390<<10)
		contents := tables{}
		for i := range items {
			email := fmt.Sprintf("person-%d@example.com", i)
			contents[dataset.Lookups] = append(contents[dataset.Lookups],
				found(fmt.Sprint("lookup-", i), "1000001", email, ago(1, "09:30:00.000"), exportgen.Item{"large": large}))
		}
		for _, table := range dataset.Tables {
			if err := (exportgen.Export{Table: table, At: at, Files: 8}).Write(bucket, exportgen.Items(contents[table]...)); err != nil {
				return err
			}
		}
		return nil
	})
	t.Logf("alive at most: %.1f MiB", float64(most)/(1<<20))
	if rows != items || most > mostMemory {
		t.Errorf("%d rows, %d bytes alive, more than %d", rows, most, mostMemory)
	}
}
