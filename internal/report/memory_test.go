package report_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
)

// mostMemory is what a report may keep alive in Go's heap, whatever the size of the export: the buffers of the workers,
// the batches on their way to the database, and a sheet's buffer. The database's own cache of 16 MiB is beside it.
const mostMemory = 40 << 20

// TestMemoryDoesNotGrowWithTheExport: all rows of the larger export are in the report (each lookup is recent).
func TestMemoryDoesNotGrowWithTheExport(t *testing.T) {
	peak := func(items int) (most uint64, rows int) {
		bucket := t.TempDir()
		if err := (exportgen.Service{Seed: 1, Items: items, Days: 30, At: at}).Write(bucket); err != nil {
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
		made, err := report.Make(t.Context(), source, set, report.Options{Dir: t.TempDir(), Workers: 4, Progress: func(dataset.Table, int64) {
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
		return highest.Load(), rows
	}
	small, _ := peak(20_000)
	large, rows := peak(120_000)
	t.Logf("alive at most: %.1f MiB at 20,000 items, %.1f MiB at 120,000 (%d rows of lookups)", float64(small)/(1<<20), float64(large)/(1<<20), rows)
	if rows < 60_000 {
		t.Fatalf("only %d rows: the export is too small", rows)
	}
	if large > mostMemory {
		t.Errorf("%d bytes alive, more than %d", large, mostMemory)
	}
}
