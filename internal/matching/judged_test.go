package matching

import (
	"os"
	"strings"
	"testing"

	"losttrn/internal/teacher"
)

// TestJudgedNames compares the names of testdata/names.tsv, which an experienced person judged by hand, and lists in
// testdata/otherwise.tsv each that is judged otherwise here, with the reason. Neither a new one nor one that is no longer
// so may go unsaid.
func TestJudgedNames(t *testing.T) {
	otherwise := map[string]string{}
	for _, line := range lines(t, "testdata/otherwise.tsv") {
		pair, reason, _ := strings.Cut(line, "\t")
		if reason == "" {
			t.Errorf("%s: no reason", pair)
		}
		otherwise[pair] = reason
	}
	total, same := 0, 0
	for _, line := range lines(t, "testdata/names.tsv") {
		f := strings.Split(line, "|")
		if len(f) != 8 {
			t.Fatalf("%s: %d fields", line, len(f))
		}
		r := teacher.Record{Name: teacher.Name{First: f[2], Middle: f[3], Last: f[4]}}
		if f[5] != "" {
			r.PreviousNames = []teacher.Name{{First: f[2], Last: f[5]}}
		}
		got := "n"
		if compareNames(Person{First: f[0], Last: f[1]}, r).agreed.has(nameBit) {
			got = "y"
		}
		total++
		pair := strings.Join(f[:6], "|")
		if reason, said := otherwise[pair]; got == f[6] {
			same++
			if said {
				t.Errorf("%s is judged %s like there, but said to be judged otherwise: %s", pair, got, reason)
			}
		} else if !said {
			t.Errorf("%s is judged %s, there %s (%s), and no reason is given", pair, got, f[6], f[7])
		}
		delete(otherwise, pair)
	}
	for pair := range otherwise {
		t.Errorf("%s is not in names.tsv", pair)
	}
	t.Logf("%d of %d judged alike", same, total)
}

// lines returns the lines of a file, but for comments.
func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}
