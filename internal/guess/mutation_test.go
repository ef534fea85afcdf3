package guess_test

import (
	"os/exec"
	"strings"
	"testing"

	"losttrn/internal/local/overlaytest"
)

// TestMutationsOfTheKeysTurnThePropertyRed takes a part of the folding out of the keys, and sees the property on which this
// package rests, that whoever agrees with a record by name shares a key with it, fail with a counterexample.
func TestMutationsOfTheKeysTurnThePropertyRed(t *testing.T) {
	for name, mutation := range map[string][2]string{
		"no folding of spaces":      {`plainWord(strings.ReplaceAll(name, " ", ""))`, `plainWord(strings.ReplaceAll(name, " ", " "))`},
		"no folding of order":       {`k.addOrder(firstKeys(n.lastsAsFirsts), lastKeys(n.firstsAsLasts))`, `k.addOrder(nil, nil)`},
		"no folding of short forms": {`if class := formOf(word).class; class != "" {`, `if class := formOf(word).class; class != "" && word == "" {`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overlay := overlaytest.Changed(t, "../matching/namekeys.go", mutation[0], mutation[1])
			out, err := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-overlay", overlay, "-run", "^TestEverySpellingSharesAKey$", "../matching").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "agree, and share no key") {
				t.Errorf("the property holds: %v\n%s", err, out)
			}
		})
	}
}
