package fault

import (
	"fmt"
	"runtime"
	"strings"
)

// Panic is the error of a panic that Confine recovered. It holds where the panic was raised and nothing of its
// value, which may be personal.
type Panic struct{ At string }

func (p *Panic) Error() string { return "panic at " + p.At }

// Confine calls do and returns its error, or a *Panic if it panics: the failure then costs what do was for, and not
// the whole process, which would print the panic's value as it ends.
func Confine(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &Panic{At: panicSite()}
		}
	}()
	return do()
}

// panicSite returns the function and line that panicked. Only the deferred function that recovers may call it.
func panicSite() string {
	var counters [32]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	raised := false
	for {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		if raised && !inRuntime {
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
		raised = raised || inRuntime
		if !more {
			return "unknown"
		}
	}
}
