// Package fault names the few kinds of failure that the service tells apart. Each store and client wraps its errors in
// one of them at its edge; one table maps a kind to an HTTP answer (package answer) and one to what happens to a queue
// message (package queue). An error of no kind is internal, and its text is never shown outside the service.
package fault

import "errors"

// The kinds of failure, for errors.Is.
var (
	// NotFound: what was named does not exist.
	NotFound = errors.New("not found")
	// Invalid: what was given can never be processed, however often it is tried.
	Invalid = errors.New("invalid")
	// Conflict: the current state does not allow it.
	Conflict = errors.New("conflict")
	// Throttled: too many requests; a later retry may succeed.
	Throttled = errors.New("throttled")
	// Unavailable: a dependency is down or did not answer in time; a later retry may succeed. The operation may have
	// been done nevertheless.
	Unavailable = errors.New("unavailable")
)

// codes are the kinds with the words for them in logs and dead-letter reasons.
var codes = []struct {
	kind error
	code string
}{
	{NotFound, "not_found"},
	{Invalid, "invalid"},
	{Conflict, "conflict"},
	{Throttled, "throttled"},
	{Unavailable, "unavailable"},
}

// Code returns the word for the kind of an error, "internal" for an error of no kind. It is safe to log, because it
// contains none of the error's text.
func Code(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.kind) {
			return c.code
		}
	}
	return "internal"
}

// coded is a failure with a reason of its own beside its kind.
type coded struct {
	kind   error
	reason string
}

// New returns a failure of a kind with a reason code, such as New(Invalid, "unknown_version"). The reason is
// logged and put on dead letters, so it must never hold anything personal.
func New(kind error, reason string) error { return &coded{kind, reason} }

func (c *coded) Error() string { return c.kind.Error() + ": " + c.reason }

func (c *coded) Unwrap() error { return c.kind }

// Reason returns the most specific code of an error: the reason given to New, "panic" of a panic, else Code.
func Reason(err error) string {
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return "panic"
	}
	var c *coded
	if errors.As(err, &c) {
		return c.reason
	}
	return Code(err)
}
