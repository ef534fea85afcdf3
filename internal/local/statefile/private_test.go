package statefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"losttrn/internal/local/statefile"
)

// TestPrivate: what was there before, and what comes after.
func TestPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kept")
	before, after := filepath.Join(folder, "before", "file"), filepath.Join(folder, "after", "file")
	make := func(path string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	make(before)
	if err := statefile.Private(folder); err != nil {
		t.Fatal(err)
	}
	make(after)
	for _, path := range []string{folder, before, filepath.Dir(before), after, filepath.Dir(after)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
	}
}
