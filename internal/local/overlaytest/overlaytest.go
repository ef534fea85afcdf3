// Package overlaytest lets a test build the program with a line of it changed, to check that other tests fail then.
package overlaytest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Changed returns the path of an overlay for `go build`, `go run` and `go test` in which a text of a source file is another. It
// fails the test if the file does not have the text.
func Changed(t testing.TB, file, from, to string) string {
	t.Helper()
	original, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(source), from, to, 1)
	if changed == string(source) {
		t.Fatalf("%s has no %q", file, from)
	}
	dir := t.TempDir()
	replacement, overlay := filepath.Join(dir, filepath.Base(file)), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {original: replacement}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{replacement: []byte(changed), overlay: list} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return overlay
}
