package teacher_test

import (
	"errors"
	"testing"
	"time"

	"losttrn/internal/teacher"
)

func date(t testing.TB, iso string) teacher.Date {
	t.Helper()
	d, err := teacher.ParseDate(iso)
	if err != nil {
		t.Fatalf("%s: %v", iso, err)
	}
	return d
}

func TestNewDate(t *testing.T) {
	for _, test := range []struct {
		year, month, day int
		want             string
	}{
		{1980, 1, 31, "1980-01-31"}, {2000, 2, 29, "2000-02-29"}, {2024, 2, 29, "2024-02-29"}, {1, 1, 1, "0001-01-01"}, {9999, 12, 31, "9999-12-31"},
		{1900, 2, 29, ""}, {2023, 2, 29, ""}, {1980, 2, 30, ""}, {1980, 4, 31, ""}, {1980, 1, 0, ""}, {1980, 1, 32, ""}, {1980, 0, 1, ""},
		{1980, 13, 1, ""}, {0, 1, 1, ""}, {10000, 1, 1, ""}, {-1, 1, 1, ""}, {1980, -1, 1, ""}, {1980, 1, -1, ""}, {1 << 40, 1, 1, ""},
	} {
		got, err := teacher.NewDate(test.year, test.month, test.day)
		if got.ISO() != test.want || (err == nil) != (test.want != "") || err != nil && !errors.Is(err, teacher.ErrDate) {
			t.Errorf("%d-%d-%d: %s, %v; want %s", test.year, test.month, test.day, got, err, test.want)
		}
		if err == nil && (got.Year() != test.year || got.Month() != test.month || got.Day() != test.day) {
			t.Errorf("%s: %d %d %d", got, got.Year(), got.Month(), got.Day())
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, valid := range []string{"1980-01-31", "2000-02-29", "0001-01-01", "9999-12-31"} {
		if got := date(t, valid); got.ISO() != valid || got.IsZero() {
			t.Errorf("%s: %s", valid, got)
		}
	}
	for _, invalid := range []string{"", "1980-02-30", "1900-02-29", "1980-1-31", "1980-01-31 ", "31-01-1980", "19800131", "1980-01-31T00:00:00Z",
		"0000-01-01", "10000-01-01", "1980/01/31", "1980-00-01", "１９８０-01-31"} {
		if got, err := teacher.ParseDate(invalid); !errors.Is(err, teacher.ErrDate) || !got.IsZero() || got.ISO() != "" {
			t.Errorf("%q: %s, %v", invalid, got, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1980-01-31", "2000-02-29", "0000-00-00", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := teacher.ParseDate(s); err == nil && d.ISO() != s {
			t.Errorf("%q is read as %q", s, d.ISO())
		}
	})
}

// TestLondonDate: around midnight and the change of the clocks the day is that of London.
func TestLondonDate(t *testing.T) {
	for moment, want := range map[string]string{
		"2026-11-22T23:59:59Z":      "2026-11-22",
		"2026-11-23T00:00:00Z":      "2026-11-23",
		"2026-07-01T22:59:59.999Z":  "2026-07-01", // summer: an hour ahead
		"2026-07-01T23:00:00Z":      "2026-07-02",
		"2026-03-28T23:30:00Z":      "2026-03-28",
		"2026-03-29T00:59:59Z":      "2026-03-29", // the night the clocks go forward
		"2026-03-29T23:00:00Z":      "2026-03-30",
		"2026-10-24T23:00:00Z":      "2026-10-25", // the night they go back
		"2026-10-25T23:30:00Z":      "2026-10-25",
		"2026-12-31T23:59:59-05:00": "2027-01-01",
		"1969-12-31T23:00:00Z":      "1970-01-01", // British Standard Time, all year
	} {
		at, err := time.Parse(time.RFC3339Nano, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := teacher.LondonDate(at).ISO(); got != want {
			t.Errorf("%s: %s, want %s", moment, got, want)
		}
	}
}

func TestAddYears(t *testing.T) {
	for _, test := range []struct {
		from  string
		years int
		want  string
	}{
		{"2010-11-22", 16, "2026-11-22"}, {"2012-02-29", 16, "2028-02-29"}, {"2012-02-29", 1, "2013-03-01"}, {"2084-02-29", 16, "2100-03-01"},
		{"2012-02-28", 1, "2013-02-28"}, {"2012-12-31", 0, "2012-12-31"}, {"2028-02-29", -16, "2012-02-29"},
	} {
		if got := date(t, test.from).AddYears(test.years).ISO(); got != test.want {
			t.Errorf("%s and %d years: %s, want %s", test.from, test.years, got, test.want)
		}
	}
}

func TestAfter(t *testing.T) {
	days := []string{"1979-12-31", "1980-01-01", "1980-01-31", "1980-02-01", "1981-01-01"}
	for i, a := range days {
		for j, b := range days {
			if got := date(t, a).After(date(t, b)); got != (i > j) {
				t.Errorf("%s after %s: %t", a, b, got)
			}
		}
		if !date(t, a).After(teacher.Date{}) || (teacher.Date{}).After(date(t, a)) {
			t.Errorf("%s and none", a)
		}
	}
}

func TestOpenAlerts(t *testing.T) {
	today := date(t, "2026-11-22")
	for end, open := range map[string]bool{"": true, "2026-11-23": true, "2026-11-22": false, "2026-11-21": false} {
		var a teacher.Alert
		if end != "" {
			a.End = date(t, end)
		}
		if a.OpenOn(today) != open {
			t.Errorf("end %q: open %t", end, !open)
		}
	}
}
