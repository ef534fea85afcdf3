package functions_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ignored are the patterns of .gitignore, with a file that each ignores.
var ignored = map[string][]string{
	"/.local/":              {".local/lock"},
	"/.aws-sam/":            {".aws-sam/build/template.yaml"},
	"/.build/":              {".build/local"},
	"/internal/web/assets/": {"internal/web/assets/manifest.json"},
	"node_modules/":         {"internal/web/node_modules/a/package.json", "internal/local/node_modules/a/package.json"},
	"**/testdata/rapid/":    {"internal/matching/testdata/rapid/failed"},
}

// TestCleanRemovesWhatGitIgnores: `make clean` leaves what was cloned, and nothing else.
func TestCleanRemovesWhatGitIgnores(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := []string{"Makefile", ".gitignore", "internal/web/assets/.keep", "internal/matching/testdata/cases.json"}
	for _, name := range kept {
		text := "kept"
		if !strings.Contains(name, "/") {
			content, err := os.ReadFile(filepath.Join("..", name))
			if err != nil {
				t.Fatal(err)
			}
			text = string(content)
		}
		put(name, text)
	}
	patterns, err := os.ReadFile("../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for pattern := range strings.Lines(string(patterns)) {
		if pattern = strings.TrimSpace(pattern); pattern == "" || strings.HasPrefix(pattern, "#") {
			continue
		}
		if ignored[pattern] == nil {
			t.Errorf("say what %s of .gitignore ignores, and let make clean remove it", pattern)
		}
		for _, name := range ignored[pattern] {
			put(name, "made")
		}
	}
	clean := exec.Command("make", "clean")
	clean.Dir = dir
	if out, err := clean.CombinedOutput(); err != nil {
		t.Fatalf("make clean: %v\n%s", err, out)
	}
	for pattern, names := range ignored {
		for _, name := range names {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				t.Errorf("%s: %s is still there", pattern, name)
			}
		}
	}
	for _, name := range kept {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("what was cloned is gone: %v", err)
		}
	}
}
