package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// startTime is how long a server may take to listen, which is long on a machine that is busy building.
const startTime = 30 * time.Second

// mark is what both servers write when they listen, before the address.
var mark = []byte(" listening on http://")

// listening passes a server's output on, and notices when the server says that it listens. A connection to its port
// would not show that: another process may have taken the port first.
type listening struct {
	output io.Writer
	end    []byte        // of what was written, in which a mark may begin
	heard  chan struct{} // of size 1
}

func newListening(output io.Writer) *listening {
	if output == nil {
		output = io.Discard
	}
	return &listening{output: output, heard: make(chan struct{}, 1)}
}

func (l *listening) Write(p []byte) (int, error) {
	l.end = append(l.end, p...)
	if bytes.Contains(l.end, mark) {
		l.end = nil
		select {
		case l.heard <- struct{}{}:
		default:
		}
	}
	l.end = l.end[max(0, len(l.end)-len(mark)+1):]
	return l.output.Write(p)
}

// wait returns once the server has said that it listens.
func (l *listening) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	select {
	case <-l.heard:
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("it does not listen after %s", startTime)
		}
		return ctx.Err()
	}
}
