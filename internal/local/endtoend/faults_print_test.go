//go:build faults

package endtoend_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"losttrn/internal/local/faults"
)

// print prints the matrix: journey, call, fault and what became of it.
func (m *matrix) print() {
	rows := map[string]map[faults.Mode]string{}
	bad, unmade := 0, 0
	for x, wrong := range m.wrong {
		row := fmt.Sprintf("%-33s %-75s", x.journey.name, x.at)
		if rows[row] == nil {
			rows[row] = map[faults.Mode]string{}
		}
		rows[row][x.mode] = "ok"
		switch {
		case wrong == "":
		case wrong == notMade && x.at.n > 1:
			rows[row][x.mode] = "no"
			unmade++
		default:
			rows[row][x.mode] = "BAD"
			bad++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-33s %-75s", "journey", "call")
	for _, mode := range modes {
		fmt.Fprintf(&b, " %s |", mode)
	}
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		b.WriteString("\n" + row)
		for _, mode := range modes {
			fmt.Fprintf(&b, " %-*s |", len(mode), cmp.Or(rows[row][mode], "-"))
		}
	}
	b.WriteString("\n- a read has no effect: a lost answer is a call that failed before\n" +
		"no: this call beyond the first was not made, in two trials\n")
	fmt.Printf("%s\n%d journeys, %d calls of them, %d trials, %d bad, %d without the call, %s\n", b.String(), len(m.want), len(rows), len(m.wrong), bad, unmade,
		time.Since(m.began).Round(time.Second))
}

// covered checks, if all journeys were gone through, that they led through every function.
func (m *matrix) covered() {
	seen := map[string]bool{}
	for x := range m.wrong {
		seen[strings.ToLower(strings.TrimSuffix(x.at.function, "Function"))] = true
	}
	for _, name := range m.index.Functions {
		if *only == "" && !seen[name] {
			m.Errorf("no journey makes a call of the function %s fail", name)
		}
	}
}
