package queue

import (
	"errors"
	"strconv"

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
	if _, panicked := errors.AsType[*fault.PanicError](err); panicked {
		return fault.Reason(err), receives(record) >= panicLimit
	}
	for _, fate := range fates {
		if errors.Is(err, fate.kind) {
			return fault.Reason(err), fate.final
		}
	}
	return fault.Code(err), false
}

// receives returns how often SQS has delivered a record, this time included, or 0 if the record does not say.
func receives(record events.SQSMessage) int {
	count, _ := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	return count
}
