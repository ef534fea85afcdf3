package report_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"losttrn/internal/report"
)

func TestSweepRemovesOnlyWhatWasAbandoned(t *testing.T) {
	dir := t.TempDir()
	abandoned, err := report.Temporary(dir)
	if err != nil {
		t.Fatal(err)
	}
	used, err := report.Temporary(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(abandoned, "unlocks.csv"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh, err := report.Temporary(dir)
	if err != nil {
		t.Fatal(err)
	}
	// Both the folders' times are of one clock, which need not be this process's.
	made := time.Now().AddDate(0, 0, -40)
	for name, at := range map[string]time.Time{abandoned: made.Add(-time.Hour), other: made.Add(-time.Hour), used: made.Add(-time.Minute), fresh: made} {
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := report.Sweep(fresh); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{abandoned: false, used: true, fresh: true, other: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
