package inbox_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/load/inbox"
	"losttrn/internal/local/costs"
	"losttrn/internal/local/sample"
)

// TestWhatALoadCosts counts the capacity units of new, changed and unchanged rows, and holds the README's table to them.
func TestWhatALoadCosts(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	d := deploy(t)
	const rows = 2_000
	var file strings.Builder
	if err := sample.Write(&file, sample.Options{Seed: 1, Count: rows, FirstTRN: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(file.String(), "\n"), "\n")
	for i, line := range lines[1:] { // updated_at is the last column
		lines[i+1] = line[:strings.LastIndexByte(line, ',')+1] + "2026-02-01T00:00:00Z\n"
	}
	grown := map[int]string{}
	for _, load := range []struct{ name, count, content string }{
		{"new", "added", file.String()}, {"unchanged", "unchanged", file.String()}, {"changed", "updated", strings.Join(lines, "")},
	} {
		d.follow(d.drop("r.csv", load.content, nil), "r.csv")
		s := d.summary("r")
		if s[load.count] != float64(rows) {
			t.Fatalf("%s: %v", load.name, s)
		}
		// In millions, of a million rows.
		reads, writes := s["readUnits"].(float64)/rows, s["writeUnits"].(float64)/rows
		perSecond, writesPerSecond := inbox.UnitsPerSecond(50)
		minutes := math.Ceil(1e6 / 60 * max(reads/float64(perSecond), writes/float64(writesPerSecond)))
		want := fmt.Sprintf("| %s | %.1f million | %.1f million | %.0f minutes | $%.2f |", load.name, reads, writes, minutes, costs.Units{ReadUnits: 1e6 * reads, WriteUnits: 1e6 * writes}.Dollars())
		for _, teachers := range costs.Registers {
			millions := float64(teachers) / 1e6
			grown[teachers] += fmt.Sprintf(" | %.0f | $%.2f", math.Ceil(millions*1e6/60*max(reads/float64(perSecond), writes/float64(writesPerSecond))),
				costs.Units{ReadUnits: millions * 1e6 * reads, WriteUnits: millions * 1e6 * writes}.Dollars())
		}
		if !strings.Contains(string(readme), want) {
			t.Errorf("the README does not have the row\n%s", want)
		}
	}
	for teachers, figures := range grown {
		if want := fmt.Sprintf("| %g million%s |", float64(teachers)/1e6, figures); !strings.Contains(string(readme), want) {
			t.Errorf("the README does not have the row\n%s", want)
		}
	}
}
