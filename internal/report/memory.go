package report

import "runtime/debug"

// LimitMemory lets the heap of a process that makes a report grow further between collections than Go does by itself, up to
// a limit that leaves the database its share of 256 MiB. Reading keeps some 10 MiB alive and throws away gigabytes: by itself
// Go collects at every 20 MiB, two hundred times for a million items, and a sixth of the processor's time goes there
// (BenchmarkReport).
func LimitMemory() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(100 << 20)
}
