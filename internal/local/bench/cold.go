package bench

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// coldRounds is how often each process is started; the middle of the times counts.
const coldRounds = 41

// candidate is a binary and the function in whose environment it starts.
type candidate struct{ binary, function string }

// coldStarts measures each function from when it is spawned until it asks for its first event, beside an empty function
// and, for those of a lookup, one with the same clients that are primed with the same calls.
func coldStarts(ctx context.Context, w *world) ([]Row, error) {
	names := slices.Sorted(maps.Keys(w.functions))
	all := []candidate{{"empty", "lookup"}, {"bare", "lookup"}, {"bare", "unlock"}}
	for _, name := range names {
		all = append(all, candidate{name, name})
	}
	times, resident := map[candidate][]time.Duration{}, map[candidate]float64{}
	for range coldRounds {
		for _, c := range all {
			h, err := start(ctx, w.binaries[c.binary], w.environment(c.function, nil))
			if err != nil {
				return nil, err
			}
			took, err := h.untilReady()
			resident[c] = max(resident[c], h.resident())
			h.close()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.binary, err)
			}
			times[c] = append(times[c], took)
		}
	}
	ready := func(c candidate) float64 { return milliseconds(median(times[c])) }
	var rows []Row
	empty := all[0]
	for _, name := range names {
		ours := candidate{name, name}
		rows = append(rows, row(name+": spawn to ready", ready(ours), ready(empty), "ms", "an empty function", 0))
		if bare := (candidate{"bare", name}); times[bare] != nil {
			most := 0.0
			if name == "lookup" {
				most = 1.15
			}
			rows = append(rows, row(name+": spawn to ready, beside the same clients", ready(ours), ready(bare), "ms", "a function with the same clients, primed with the same calls", most),
				row(name+": resident when ready, beside the same clients", resident[ours], resident[bare], "MiB", "the same", 0))
		}
		rows = append(rows, row(name+": resident when ready", resident[ours], resident[empty], "MiB", "an empty function", 0))
		size, floor, err := w.sizes(name, "empty")
		if err != nil {
			return nil, err
		}
		r := row(name+": binary", size, floor, "MiB", "an empty function", 0)
		if name == "lookup" {
			r.MostOurs = 12
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func (w *world) sizes(names ...string) (a, b float64, err error) {
	var sizes []float64
	for _, name := range names {
		info, err := os.Stat(w.binaries[name])
		if err != nil {
			return 0, 0, err
		}
		sizes = append(sizes, float64(info.Size())/(1<<20))
	}
	return sizes[0], sizes[1], nil
}

// initRounds is how often package initialisation is measured. The least counts: it is the program's own time, and all else
// is the machine's.
const initRounds = 21

// initialisation adds up how long the packages of a function take to be initialised, as the runtime tells.
func initialisation(ctx context.Context, w *world) ([]Row, error) {
	least := map[string]time.Duration{}
	for range initRounds {
		for _, name := range []string{"empty", "bare", "lookup", "unlock", "notify"} {
			took, err := initTime(ctx, w.binaries[name])
			if err != nil {
				return nil, err
			}
			if least[name] == 0 || took < least[name] {
				least[name] = took
			}
		}
	}
	var rows []Row
	for _, name := range []string{"lookup", "unlock", "notify"} {
		r := row(name+": package initialisation", milliseconds(least[name]), milliseconds(least["bare"]), "ms", "a function with the same clients", 0)
		if name == "lookup" {
			r.MostOurs = 1.5
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// initTime runs a binary that has no configuration, so that it ends once its packages are initialised.
// https://pkg.go.dev/runtime#hdr-Environment_Variables
func initTime(ctx context.Context, binary string) (time.Duration, error) {
	command := exec.CommandContext(ctx, binary)
	command.Env = []string{"GODEBUG=inittrace=1"}
	out, _ := command.CombinedOutput() // without its configuration it fails, as it must
	sum := 0.0
	for line := range strings.SplitSeq(string(out), "\n") {
		// init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
		fields := strings.Fields(line)
		if len(fields) < 5 || fields[0] != "init" {
			continue
		}
		clock, err := strconv.ParseFloat(fields[4], 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", line, err)
		}
		sum += clock
	}
	if sum == 0 {
		return 0, fmt.Errorf("%s told nothing of its initialisation", binary)
	}
	return time.Duration(sum * float64(time.Millisecond)), nil
}
