package dataset_test

import (
	"errors"
	"testing"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

func date(t *testing.T, s string) teacher.Date {
	t.Helper()
	d, err := teacher.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheRunOfADayBeginsWithTheDayInLondon(t *testing.T) {
	for day, want := range map[string]string{
		"2026-01-15": "2026-01-15T00:00:00Z",
		"2026-07-15": "2026-07-14T23:00:00Z",
		"2026-03-29": "2026-03-29T00:00:00Z", // the clocks go forward an hour later
		"2026-10-25": "2026-10-24T23:00:00Z",
	} {
		r := dataset.RunOfDay(date(t, day))
		if got := r.ExportTime().Format(time.RFC3339); got != want || r.Name() != day {
			t.Errorf("%s: %s at %s, want %s", day, r.Name(), got, want)
		}
	}
}

func TestANameIsAllThereIsToKnow(t *testing.T) {
	moment := time.Date(2026, 11, 22, 22, 15, 0, 999, time.UTC)
	for _, days := range []dataset.Days{
		{},
		{From: date(t, "2026-10-01")},
		{To: date(t, "2026-10-31")},
		{From: date(t, "2026-10-01"), To: date(t, "2026-10-31")},
	} {
		r, err := dataset.RunAt(moment, days)
		if err != nil {
			t.Fatal(err)
		}
		back, err := dataset.ParseRun(r.Name())
		if err != nil || back != r {
			t.Errorf("%s came back as %+v, %v", r.Name(), back, err)
		}
	}
	day := dataset.RunOfDay(date(t, "2026-11-22"))
	if back, err := dataset.ParseRun(day.Name()); err != nil || back != day {
		t.Errorf("%s came back as %+v, %v", day.Name(), back, err)
	}
}

func TestRefusesWhatIsNoRun(t *testing.T) {
	for _, name := range []string{"", "2026-13-01", "20261322T221500Z", "20261122T221500Z-from-", "manual", "2026-11-22/x",
		"20261122T221500Z-from-2026-10-31-to-2026-10-01", "20261122T221500Z-to-2026-02-30"} {
		if r, err := dataset.ParseRun(name); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q is %+v, %v", name, r, err)
		}
	}
}
