package process

import (
	"bytes"
	"context"
)

// Run runs a command to its end and returns what it wrote. When ctx ends first,
// the command and everything that it started are killed, and ctx's error is
// returned.
func Run(ctx context.Context, c Command) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	c.Output = &out
	p, err := Start(c)
	if err != nil {
		return nil, err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Kill()
		return out.Bytes(), ctx.Err()
	}
	return out.Bytes(), p.Err()
}
