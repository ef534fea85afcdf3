package localtest

import (
	"bytes"
	"sync"
)

// Output is a buffer that several goroutines may write to, as a function's logger and metrics do. The zero value is
// ready to use.
type Output struct {
	mu      sync.Mutex
	written bytes.Buffer
}

// Write implements io.Writer. It never fails.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.Write(p)
}

// String returns all that was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}
