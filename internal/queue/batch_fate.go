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

// fates says what becomes of a message by the kind of its failure; the first kind that fits decides. One that
// fits none is internal, and retried: a fix may be on its way.
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

// fateOf gives the code for a failure, and whether it is final.
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

// receives is how often SQS has handed out a record, this time included; 1 if it does not say.
func receives(record events.SQSMessage) int {
	count, err := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if err != nil {
		return 1
	}
	return count
}

// panicked is a panic that was recovered. It does not keep the value, which may hold anything.
type panicked struct{ at string }

func (p *panicked) Error() string { return "panic at " + p.at }

// panicSite is the function and line that panicked. It is called by the deferred function that recovered.
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
