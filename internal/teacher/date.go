package teacher

import (
	"errors"
	"sync"
	"time"
	_ "time/tzdata" // Europe/London must be known wherever this runs.
)

// ErrDate says that a text or numbers are not a date of the calendar.
var ErrDate = errors.New("not a date")

// Date is a day of the Gregorian calendar, without time or zone. The zero Date means "none".
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// London is the time zone that defines "today".
var London = sync.OnceValue(func() *time.Location {
	location, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("time zone Europe/London: " + err.Error()) // impossible: tzdata is linked in
	}
	return location
})

// NewDate returns the day given by numbers, or ErrDate if the calendar has no such day or the year is not between 1
// and 9999.
func NewDate(year, month, day int) (Date, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return Date{}, ErrDate
	}
	return Date{int16(year), uint8(month), uint8(day)}, nil
}

// ParseDate reads the ISO 8601 form YYYY-MM-DD, and no other.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) {
		return Date{}, ErrDate
	}
	return NewDate(t.Year(), int(t.Month()), t.Day())
}

// LondonDate returns the day that a moment falls on in Europe/London.
func LondonDate(t time.Time) Date {
	t = t.In(London())
	return Date{int16(t.Year()), uint8(t.Month()), uint8(t.Day())}
}

// ISO returns the date as YYYY-MM-DD, or "" for none.
func (d Date) ISO() string {
	if d.IsZero() {
		return ""
	}
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// String returns the date as ISO does.
func (d Date) String() string { return d.ISO() }

// Year returns the year, 0 for none.
func (d Date) Year() int { return int(d.year) }

// Month returns the month, 1 to 12, 0 for none.
func (d Date) Month() int { return int(d.month) }

// Day returns the day of the month, 1 to 31, 0 for none.
func (d Date) Day() int { return int(d.day) }

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool {
	if d.year != other.year {
		return d.year > other.year
	}
	if d.month != other.month {
		return d.month > other.month
	}
	return d.day > other.day
}

// AddYears returns the same day some years later; 29 February becomes 1 March where there is none, which is when
// English law lets a person born on it come of age.
func (d Date) AddYears(years int) Date {
	t := time.Date(int(d.year)+years, time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
	return Date{int16(t.Year()), uint8(t.Month()), uint8(t.Day())}
}
