package report

import "runtime/debug"

// LimitMemory sets the garbage collector for a process that makes a report: the heap may grow up to a limit that leaves
// the database its share of 256 MiB. Reading keeps some 10 MiB alive and discards gigabytes. With Go's default the
// collector runs at every 20 MiB, two hundred times for a million items, and takes a sixth of the processor's time
// (BenchmarkReport).
func LimitMemory() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(100 << 20)
}
