package bench

import (
	"cmp"
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
// and one with the same clients that are primed with the same calls.
func coldStarts(ctx context.Context, w *workbench) ([]Row, error) {
	names := slices.Sorted(maps.Keys(w.functions))
	all := []candidate{{"empty", "lookup"}}
	for _, name := range names {
		all = append(all, candidate{clients[name], name}, candidate{name, name})
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
		same, most := candidate{clients[name], name}, 0.0
		if name == "lookup" {
			most = 1.15
		}
		sizes, err := w.sizes(name, "empty", clients[name])
		if err != nil {
			return nil, err
		}
		const primed = "a function with the same clients, primed with the same calls"
		binary := row(name+": binary", sizes[0], sizes[1], "MiB", "an empty function", 0)
		if name == "lookup" {
			binary.MostOurs = 12
		}
		rows = append(rows, row(name+": spawn to ready", ready(ours), ready(empty), "ms", "an empty function", 0),
			row(name+": spawn to ready, beside the same clients", ready(ours), ready(same), "ms", primed, most),
			row(name+": resident when ready", resident[ours], resident[empty], "MiB", "an empty function", 0),
			row(name+": resident when ready, beside the same clients", resident[ours], resident[same], "MiB", primed, 0),
			binary, row(name+": binary, beside the same clients", sizes[0], sizes[2], "MiB", primed, 0))
	}
	return rows, nil
}

// sizes returns the sizes of binaries in MiB.
func (w *workbench) sizes(names ...string) (sizes []float64, err error) {
	for _, name := range names {
		info, err := os.Stat(w.binaries[name])
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, float64(info.Size())/(1<<20))
	}
	return sizes, nil
}

// initRounds is how often package initialisation is measured. The minimum counts, because everything above it is caused
// by the machine.
const initRounds = 61

// profiled is how many of the packages that take longest to initialise are listed by name.
const profiled = 6

// initialisation sums the initialisation times of a function's packages, as the runtime reports them, and lists the
// longest of the lookup function.
func initialisation(ctx context.Context, w *workbench) ([]Row, error) {
	least := map[string]map[string]float64{} // by binary and package, in ms
	for range initRounds {
		for _, name := range []string{"empty", bareFloor, "lookup", "unlock", "notify"} {
			took, err := initTimes(ctx, w.binaries[name])
			if err != nil {
				return nil, err
			}
			if least[name] == nil {
				least[name] = took
			}
			for of, ms := range took {
				least[name][of] = min(least[name][of], ms)
			}
		}
	}
	const clients = "a function with the same clients"
	var rows []Row
	for _, name := range []string{"lookup", "unlock", "notify"} {
		r := row(name+": package initialisation", least[name][allPackages], least[bareFloor][allPackages], "ms", clients, 0)
		if name == "lookup" {
			r.MostOurs = 1.5
		}
		rows = append(rows, r)
	}
	packages := slices.SortedFunc(maps.Keys(least["lookup"]), func(a, b string) int { return cmp.Compare(least["lookup"][b], least["lookup"][a]) })
	for _, of := range packages[1:min(len(packages), 1+profiled)] { // all of them are first
		rows = append(rows, row("lookup: initialisation of "+of, least["lookup"][of], least[bareFloor][of], "ms", clients, 0))
	}
	return rows, nil
}

// allPackages is the key of the sum over all packages.
const allPackages = "all packages"

// initTimes runs a binary that has no configuration, so that it ends once its packages are initialised, and returns how
// long each took and their sum, in ms.
// https://pkg.go.dev/runtime#hdr-Environment_Variables
func initTimes(ctx context.Context, binary string) (map[string]float64, error) {
	command := exec.CommandContext(ctx, binary)
	command.Env = []string{"GODEBUG=inittrace=1"}
	out, _ := command.CombinedOutput() // it fails without its configuration, as intended
	times := map[string]float64{}
	for line := range strings.SplitSeq(string(out), "\n") {
		// init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
		fields := strings.Fields(line)
		if len(fields) < 5 || fields[0] != "init" {
			continue
		}
		clock, err := strconv.ParseFloat(fields[4], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		times[fields[1]] += clock
		times[allPackages] += clock
	}
	if times[allPackages] == 0 {
		return nil, fmt.Errorf("%s told nothing of its initialisation", binary)
	}
	return times, nil
}
