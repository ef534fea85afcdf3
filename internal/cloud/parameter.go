package cloud

import (
	"context"
	"sync"
	"time"

	"losttrn/internal/fault"
)

// ParameterReader reads a parameter's value, decrypted.
type ParameterReader interface {
	Parameter(ctx context.Context, name string) (string, error)
}

// Parameter is a parameter of SSM Parameter Store, cached for a while after each read. It is safe for concurrent use;
// while one caller reads, the others wait.
type Parameter struct {
	reader   ParameterReader
	name     string
	fresh    time.Duration
	useStale bool
	clock    func() time.Time

	mu    sync.Mutex
	value string
	read  time.Time
}

const (
	secretFresh = 5 * time.Minute
	// secretRetry is how long a cached secret is used after a failed read before the store is asked again, so that not
	// every request waits for another failure.
	secretRetry = 15 * time.Second
)

// NewSwitch returns a parameter that is "on" or "off". A change takes effect when the cached value is older than fresh.
// If the switch cannot be read again then, Value fails.
func NewSwitch(reader ParameterReader, name string, fresh time.Duration, clock func() time.Time) *Parameter {
	return &Parameter{reader: reader, name: name, fresh: fresh, clock: clock}
}

// NewSecret returns a secret. A change takes effect within five minutes. If the secret cannot be read again, the cached
// value stays in use.
func NewSecret(reader ParameterReader, name string, clock func() time.Time) *Parameter {
	return &Parameter{reader: reader, name: name, fresh: secretFresh, useStale: true, clock: clock}
}

// OptionalSecret returns a function that reads the secret of a name, or nil if the name is blank.
func OptionalSecret(reader ParameterReader, name string, clock func() time.Time) func(context.Context) (string, error) {
	if name == "" {
		return nil
	}
	return NewSecret(reader, name, clock).Value
}

// Value returns the parameter's value.
func (p *Parameter) Value(ctx context.Context) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock()
	if !p.read.IsZero() && now.Sub(p.read) < p.fresh {
		return p.value, nil
	}
	value, err := p.reader.Parameter(ctx, p.name)
	if err != nil {
		if p.useStale && !p.read.IsZero() {
			p.read = now.Add(secretRetry - p.fresh)
			return p.value, nil
		}
		return "", Failure("read parameter "+p.name, err)
	}
	p.value, p.read = value, now
	return p.value, nil
}

// On reports whether a switch is on. A value other than "on" and "off" is an error: nothing is unlocked and nothing is
// lost, because messages wait until the value is corrected.
func (p *Parameter) On(ctx context.Context) (bool, error) {
	value, err := p.Value(ctx)
	if err != nil {
		return false, err
	}
	switch value {
	case "on":
		return true, nil
	case "off":
		return false, nil
	}
	return false, fault.New(fault.Unavailable, "switch_unreadable")
}

// Prime reads the parameter ahead of its first use.
func (p *Parameter) Prime(ctx context.Context) error {
	_, err := p.Value(ctx)
	return err
}
