package loadrate

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

const (
	// mostMemory bounds a load's memory for an extract of any size: half of the function's.
	mostMemory = 512 << 20
	// growth bounds by how much an invocation's memory may exceed that of the first invocation that used all of its
	// time.
	growth = 1.5
	// slowest is how many times the floor's time a load may take for new rows.
	slowest = 2.0
)

func (m *measurement) print(first, again run) {
	fmt.Fprintf(m.Output, "\n%-34s %9s %9s %7s %11s\n", "", "rows", "seconds", "rows/s", "invocations")
	line := func(name string, rows int, seconds float64, invocations string) {
		fmt.Fprintf(m.Output, "%-34s %9d %9.1f %7.0f %11s\n", name, rows, seconds, float64(rows)/seconds, invocations)
	}
	line("rounds, in turn: new rows", m.Rounds*roundRows, m.ours, "")
	line("  and bare conditional writes", m.Rounds*roundRows, m.bare, "")
	line("the large extract: new rows", first.Read, first.Seconds, fmt.Sprint(first.Invocations))
	line("  and the same file again", again.Read, again.Seconds, fmt.Sprint(again.Invocations))
	fmt.Fprintf(m.Output, "new rows take %.2f times the time of bare conditional writes of the same items\n", m.ours/m.bare)
	for _, one := range []struct {
		name string
		run
	}{{"new rows", first}, {"again", again}} {
		fmt.Fprintf(m.Output, "%s: read %d, added %d, updated %d, unchanged %d, rejected %d, %.0f read and %.0f write units\n", one.name,
			one.Read, one.Added, one.Updated, one.Unchanged, one.Rejected, one.ReadUnits, one.WriteUnits)
		for _, invocation := range slices.Sorted(maps.Keys(one.memory)) {
			fmt.Fprintf(m.Output, "  invocation %d held up to %.0f MiB\n", invocation, float64(one.memory[invocation])/(1<<20))
		}
	}
}

// judge returns the bounds that do not hold.
func (m *measurement) judge(first, again run) (broken []error) {
	hold := func(ok bool, format string, arguments ...any) {
		if !ok {
			broken = append(broken, fmt.Errorf(format, arguments...))
		}
	}
	hold(first.Outcome == "loaded" && first.Read == m.Rows && first.Added == m.Rows && first.Rejected == 0, "the load ended %q with %d of %d rows added: %s", first.Outcome, first.Added, m.Rows, first.Refused)
	hold(again.Outcome == "loaded" && again.Unchanged == m.Rows && again.Added+again.Updated == 0 && again.WriteUnits == 0,
		"the same file again: %q, %d of %d rows unchanged, %.0f write units", again.Outcome, again.Unchanged, m.Rows, again.WriteUnits)
	hold(m.ours <= slowest*m.bare, "new rows take %.2f times the floor's time, at most %.1f", m.ours/m.bare, slowest)
	if len(first.memory) == 0 {
		return append(broken, errors.New("nothing is known of the function's memory: it is read from /proc"))
	}
	most := max(first.memory.most(), again.memory.most())
	hold(most <= mostMemory, "the function held %d MiB, at most %d", most>>20, mostMemory>>20)
	hold(float64(first.memory.most()) <= growth*float64(first.memory[1]), "the function held %d MiB in the first invocation and %d MiB in a later one",
		first.memory[1]>>20, first.memory.most()>>20)
	return broken
}
