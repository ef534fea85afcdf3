package matcheval

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"losttrn/internal/local/overlaytest"
)

// TestMutationsTurnTheRunRed builds the command with a part of matching taken away, and sees the run fail by a clear
// margin: more than twice as many strict false, of the kinds that the part is there for, as are held to.
func TestMutationsTurnTheRunRed(t *testing.T) {
	for _, mutation := range []struct{ name, file, from, to, red string }{
		{"the second table deleted", "rules.go", "var never = []neverRule{", "var never, _ = []neverRule{}, []neverRule{", "child of one name and mailbox: "},
		{"the families' first names deleted", "familyname.go", "var familyNames = setOf(", "var familyNames, _ = setOf(), setOf(",
			"twins with a first word in common: "},
	} {
		t.Run(mutation.name, func(t *testing.T) {
			overlay := overlaytest.Changed(t, "../../matching/"+mutation.file, mutation.from, mutation.to)
			run := exec.CommandContext(t.Context(), "go", "run", "-overlay", overlay, "../cmd/match-eval", "-people", "20000", "-lookups", "12000")
			out, err := run.Output()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Fatalf("the run ends with %v", err)
			}
			red := false
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "FAILED: "+mutation.red) {
					red = true
					t.Log(strings.TrimSpace(line))
				}
			}
			if !red {
				t.Errorf("no failure of %q in\n%s", mutation.red, out[max(0, len(out)-2000):])
			}
		})
	}
}
