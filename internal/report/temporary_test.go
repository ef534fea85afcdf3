package report_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"losttrn/internal/report"
)

func TestSweepRemovesOnlyWhatWasAbandoned(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
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
	for _, name := range []string{abandoned, other} {
		if err := os.Chtimes(name, now, now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := report.Sweep(dir, now); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{abandoned: false, used: true, other: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
