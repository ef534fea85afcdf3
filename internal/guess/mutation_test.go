package guess_test

import (
	"os/exec"
	"strings"
	"testing"

	"losttrn/internal/local/overlaytest"
)

// TestMutationsOfTheKeysTurnThePropertyRed takes a part of the folding out of the keys, and sees the property on which this
// package rests, that whoever agrees with a record on a kind shares a key with it, fail with a counterexample.
func TestMutationsOfTheKeysTurnThePropertyRed(t *testing.T) {
	for name, mutation := range map[string][2]string{
		"no folding of spaces":      {`if all := joined(name); len(words) != 1 && all != "" {`, `if all := joined(name); len(words) == 0 && all != "" {`},
		"no folding of order":       {`pair := min(first, last) + " " + max(first, last)`, `pair := first + " " + last`},
		"no folding of short forms": {`if known := formOf(word).class; known != "" {`, `if known := formOf(word).class; known != "" && word == "" {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overlay := overlaytest.Changed(t, "../matching/keys.go", mutation[0], mutation[1])
			out, err := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-overlay", overlay, "-run", "^TestWhoAgreesSharesAKey$", "../matching",
				"-rapid.checks=20000", "-rapid.nofailfile").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "agrees, but no key is shared") {
				t.Errorf("the property holds: %v\n%s", err, out)
			}
		})
	}
}
