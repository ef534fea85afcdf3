package endtoend_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"losttrn/internal/local"
)

// TestFunctionsStartLight holds the functions that people wait for to what they may weigh: their binaries, as built for this
// machine, and what the initialisation of their packages allocates, which a slow machine does not change.
func TestFunctionsStartLight(t *testing.T) {
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	for id, most := range map[string]struct {
		mib                float64
		allocations, bytes int
	}{
		"LookupFunction":   {11.5, 2_600, 350_000},
		"UnlockFunction":   {9.5, 2_300, 320_000},
		"NotifyFunction":   {9.5, 2_300, 320_000},
		"ReceiptsFunction": {9.5, 2_300, 320_000},
	} {
		binary := filepath.Join(string(project), ".build", "functions", id, "bootstrap")
		info, err := os.Stat(binary)
		if err != nil {
			t.Fatal(err)
		}
		if mib := float64(info.Size()) / (1 << 20); mib > most.mib {
			t.Errorf("%s is %.1f MiB, and may be %.1f", id, mib, most.mib)
		}
		allocations, bytes := initialised(t, binary)
		t.Logf("%s: %d bytes, %d allocations, %d bytes of binary", id, bytes, allocations, info.Size())
		if allocations > most.allocations || bytes > most.bytes {
			t.Errorf("%s initialises its packages with %d allocations of %d bytes, and may with %d of %d", id, allocations, bytes, most.allocations, most.bytes)
		}
	}
}

// ownAllocations is what a package of ours may allocate when it is initialised: tables are made when they are first used.
const ownAllocations = 100

// initialised adds up what the initialisation of a binary's packages allocates, as the runtime tells of each.
func initialised(t *testing.T, binary string) (allocations, bytes int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary)
	command.Env = []string{"GODEBUG=inittrace=1"}
	out, _ := command.CombinedOutput() // it fails for want of its configuration, once its packages are initialised
	for line := range strings.SplitSeq(string(out), "\n") {
		// init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
		fields := strings.Fields(line)
		if len(fields) != 11 || fields[0] != "init" {
			continue
		}
		b, err := strconv.Atoi(fields[7])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		n, err := strconv.Atoi(fields[9])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if strings.HasPrefix(fields[1], "losttrn/") && n > ownAllocations {
			t.Errorf("%s: %s makes %d allocations", filepath.Base(filepath.Dir(binary)), fields[1], n)
		}
		allocations, bytes = allocations+n, bytes+b
	}
	if allocations == 0 {
		t.Fatalf("%s told nothing of its initialisation", binary)
	}
	return allocations, bytes
}
