// Package progress shows the progress of long operations on a terminal.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Line shows progress: on a terminal in one line that is overwritten, elsewhere in a new line now and then. It is safe
// for concurrent use.
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

// IsTerminal reports whether out is a terminal.
func IsTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Show shows the progress, unless it did so a moment ago. The last one is always shown.
func (l *Line) Show(last bool, text func() string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	every := elsewhere
	if l.Terminal {
		every = onTerminal
	}
	now := l.Clock()
	if l.shown.IsZero() && !l.Terminal {
		l.shown = now // an operation shorter than a moment shows its last line only
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
