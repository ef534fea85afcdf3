package guess_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutationsOfTheKeysTurnThePropertyRed takes a part of the folding out of the keys, and sees the property on which this
// package rests, that whoever agrees with a record on a kind shares a key with it, fail with a counterexample.
func TestMutationsOfTheKeysTurnThePropertyRed(t *testing.T) {
	original, err := filepath.Abs("../matching/keys.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	for name, mutation := range map[string][2]string{
		"no folding of spaces":      {`if all := joined(name); len(words) != 1 && all != "" {`, `if all := joined(name); len(words) == 0 && all != "" {`},
		"no folding of order":       {`pair := min(first, last) + " " + max(first, last)`, `pair := first + " " + last`},
		"no folding of short forms": {`if representative, known := classes()[word]; known {`, `if representative, known := classes()[word]; known && word == "" {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mutated := strings.Replace(string(source), mutation[0], mutation[1], 1)
			if mutated == string(source) {
				t.Fatalf("keys.go has no %q", mutation[0])
			}
			dir := t.TempDir()
			replacement, overlay := filepath.Join(dir, "keys.go"), filepath.Join(dir, "overlay.json")
			list, err := json.Marshal(map[string]map[string]string{"Replace": {original: replacement}})
			if err != nil {
				t.Fatal(err)
			}
			for path, content := range map[string][]byte{replacement: []byte(mutated), overlay: list} {
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-overlay", overlay, "-run", "^TestWhoAgreesSharesAKey$", "../matching",
				"-rapid.checks=3000", "-rapid.nofailfile").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "agrees, but no key is shared") {
				t.Errorf("the property holds: %v\n%s", err, out)
			}
		})
	}
}
