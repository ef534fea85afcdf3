package mutation

import (
	"bytes"
	"strings"
	"testing"
)

// TestReportOfOneThatHangs: the explanation of a mutant that costs no more than time holds also where it takes too long, and
// without one it is named by its count.
func TestReportOfOneThatHangs(t *testing.T) {
	mutants := []Mutant{{File: "slow.go", From: "if known {", To: "if (known) && false {"}, {File: "slow.go", From: "n++", To: "n--"}}
	reasons := map[reasonKey]*reason{{"slow.go", "if (known) && false {"}: {}}
	var out bytes.Buffer
	if err := report(Options{Package: "p", Output: &out}, mutants, []verdict{tooLong, tooLong}, reasons); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "0 survived unexplained, 0 not judged, 0 survived and explained, 2 timed out") {
		t.Errorf("said:\n%s", &out)
	}
}
