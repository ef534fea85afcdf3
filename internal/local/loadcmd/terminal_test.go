package loadcmd

import (
	"bytes"
	"testing"
	"time"

	"losttrn/internal/load"
)

func TestProgressIsOneLineOnATerminal(t *testing.T) {
	var out bytes.Buffer
	shown := &terminal{out: &out, isTTY: true, every: 200 * time.Millisecond}
	report := func(elapsed time.Duration, stored, vanished, deactivated int) {
		shown.progress(load.Progress{Summary: load.Summary{Rows: stored + 1, Added: stored, Rejected: 1, Vanished: vanished, Deactivated: deactivated},
			Bytes: int64(stored), Size: 4000, Elapsed: elapsed})
	}
	report(100*time.Millisecond, 1, 0, 0) // too early
	report(time.Second, 1000, 0, 0)
	report(1100*time.Millisecond, 1500, 0, 0) // too soon
	report(2*time.Second, 4000, 3, 1)
	shown.end()
	want := "\r1000 rows, 1000 a second, 1 rejects, 25 % read" +
		"\r4000 rows, 2000 a second, 1 rejects, 100 % read, 1 of 3 deactivated\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestProgressIsLinesElsewhere(t *testing.T) {
	var out bytes.Buffer
	shown := newTerminal(&out)
	shown.progress(load.Progress{Summary: load.Summary{Added: 5}, Elapsed: time.Second})
	shown.progress(load.Progress{Summary: load.Summary{Added: 50}, Elapsed: 10 * time.Second})
	shown.end()
	if want := "50 rows, 5 a second, 0 rejects\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
