package mutation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Reasons is the file, in a package's folder, that explains which mutants may survive: a line each with a file, the line
// as the mutant has it and why no test can or need notice, with a tab between. Lines that begin with "#" are comments.
const Reasons = "testdata/mutants.tsv"

// reasonKey names mutants: two that make the same line of the same file of it share a reason.
type reasonKey struct{ file, line string }

type reason struct {
	why  string
	used bool // a mutant that survived has it
}

// readReasons reads a package's reasons; it may have none.
func readReasons(path string) (map[reasonKey]*reason, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	reasons := map[reasonKey]*reason{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[2] == "" {
			return nil, fmt.Errorf("%s: not a file, a line and a reason, with tabs between: %s", path, line)
		}
		reasons[reasonKey{fields[0], fields[1]}] = &reason{why: fields[2]}
	}
	return reasons, nil
}
