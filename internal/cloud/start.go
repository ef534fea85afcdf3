package cloud

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"losttrn/internal/fault"
)

// NewLog returns a function's log: a JSON object a line, with the time first. Nothing personal may be given to it. The time
// is called timestamp, as Lambda wants it of lines that it filters by level.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
func NewLog(w io.Writer, function string) *slog.Logger {
	rename := func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			a.Key = "timestamp"
		}
		return a
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: rename})).With("function", function)
}

// primeTime bounds priming, so that a dependency that is down delays a cold start by little.
const primeTime = time.Second

// Prime makes each of the calls once, concurrently, while the function starts: certificates are parsed and connections
// opened while Lambda gives the start its full processor. Failures and panics are ignored; the first request meets them
// again.
func Prime(ctx context.Context, calls ...func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, primeTime)
	defer cancel()
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(func() { _ = fault.Confine(func() error { return call(ctx) }) })
	}
	all.Wait()
}
