package progress_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"losttrn/internal/local/progress"
)

// show shows a text at each of the seconds, and ends the line twice.
func show(terminal bool, seconds map[float64]string, last float64) string {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	l := &progress.Line{Out: &out, Terminal: terminal, Clock: func() time.Time { return now }}
	for _, second := range slices.Sorted(maps.Keys(seconds)) {
		now = time.Unix(0, int64(second*1e9))
		l.Show(second == last, func() string { return seconds[second] })
	}
	l.End()
	l.End()
	return out.String()
}

func TestOneLineThatIsWrittenOverOnATerminal(t *testing.T) {
	got := show(true, map[float64]string{1: "one", 1.1: "too soon", 2: "two", 2.1: "last"}, 2.1)
	if want := "\r\x1b[Kone\r\x1b[Ktwo\r\x1b[Klast\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLinesNowAndThenElsewhere(t *testing.T) {
	got := show(false, map[float64]string{1: "begun", 2: "too soon", 11: "eleven", 12: "last"}, 12)
	if want := "eleven\nlast\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNothingIsShownOfAMoment(t *testing.T) {
	var out bytes.Buffer
	l := progress.To(&out)
	l.Show(false, func() string { return "begun" })
	l.End()
	if out.Len() > 0 || progress.IsTerminal(&out) {
		t.Errorf("%q", out.String())
	}
}
