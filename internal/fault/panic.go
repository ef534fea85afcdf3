package fault

import (
	"fmt"
	"runtime"
	"strings"
)

// PanicError is a recovered panic. It does not contain the panic's value, which may be personal.
type PanicError struct {
	At string // the function and line that panicked
}

func (p *PanicError) Error() string { return "panic at " + p.At }

// Confine runs do and returns its error, or a *PanicError if it panics, so that a panic fails one request or message
// and not the whole process.
func Confine(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &PanicError{At: panicSite()}
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
