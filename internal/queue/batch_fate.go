package queue

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/fault"
)

// fates maps each kind of failure to whether it is final; the first kind that matches decides. A failure of no kind is
// internal and is retried, because a fix may be deployed meanwhile.
var fates = []struct {
	kind  error
	final bool
}{
	{fault.Throttled, false},
	{fault.Unavailable, false},
	{fault.Invalid, true},
	{fault.NotFound, false},
	{fault.Conflict, false},
}

// fateOf returns the code of a failure, and whether the record is set aside instead of being retried.
func fateOf(err error, record events.SQSMessage) (code string, final bool) {
	if _, isPanic := errors.AsType[*panicked](err); isPanic {
		return "panic", receives(record) >= panicLimit
	}
	for _, fate := range fates {
		if errors.Is(err, fate.kind) {
			return fault.Reason(err), fate.final
		}
	}
	return fault.Code(err), false
}

// receives returns how often SQS has delivered a record, this time included, or 1 if the record does not say.
func receives(record events.SQSMessage) int {
	count, err := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if err != nil {
		return 1
	}
	return count
}

// panicked is the error of a recovered panic. It does not keep the panic's value, which may be personal.
type panicked struct{ at string }

func (p *panicked) Error() string { return "panic at " + p.at }

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
