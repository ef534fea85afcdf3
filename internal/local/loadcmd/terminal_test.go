package loadcmd

import (
	"testing"
	"time"

	"losttrn/internal/load"
)

func TestHowFarALoadIs(t *testing.T) {
	for want, p := range map[string]load.Progress{
		"50 rows, 5 a second, 0 rejects": {Summary: load.Summary{Added: 50}, Elapsed: 10 * time.Second},
		"1000 rows, 1000 a second, 1 rejects, 25 % read": {Summary: load.Summary{Rows: 1001, Added: 1000, Rejected: 1},
			Bytes: 1000, Size: 4000, Elapsed: time.Second},
		"4000 rows, 2000 a second, 1 rejects, 100 % read, 1 of 3 deactivated": {Summary: load.Summary{Rows: 4001, Added: 4000,
			Rejected: 1, Vanished: 3, Deactivated: 1}, Bytes: 4000, Size: 4000, Elapsed: 2 * time.Second},
	} {
		if got := progressLine(p)(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
