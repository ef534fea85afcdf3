// Package progress shows people how far something is that takes long.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Line shows progress: on a terminal one line that is written over, elsewhere a line now and then. Any goroutine may
// use it.
type Line struct {
	Out      io.Writer
	Terminal bool
	Clock    func() time.Time

	mu       sync.Mutex
	shown    time.Time
	standing bool // a line stands there to be written over
}

// How often a line is written, at most.
const (
	onTerminal = 200 * time.Millisecond
	elsewhere  = 10 * time.Second
)

// To returns a Line on out.
func To(out io.Writer) *Line {
	return &Line{Out: out, Terminal: IsTerminal(out), Clock: time.Now}
}

// IsTerminal reports whether a terminal shows what is written to out.
func IsTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Show shows how far it is, unless it did so a moment ago; the last is always shown.
func (l *Line) Show(last bool, text func() string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	every := elsewhere
	if l.Terminal {
		every = onTerminal
	}
	now := l.Clock()
	if l.shown.IsZero() && !l.Terminal {
		l.shown = now // what takes no longer than a moment needs no line but its last
	}
	if !last && now.Sub(l.shown) < every {
		return
	}
	l.shown = now
	if !l.Terminal {
		fmt.Fprintln(l.Out, text())
		return
	}
	fmt.Fprint(l.Out, "\r\x1b[K"+text())
	l.standing = true
}

// End leaves the line.
func (l *Line) End() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.standing {
		fmt.Fprintln(l.Out)
		l.standing = false
	}
}
