package summary

import (
	"time"

	"losttrn/internal/teacher"
)

// period is a column of the chart of lookups: a day, or a week or month where there are too many days.
type period struct {
	Label  string // below the column
	Name   string // in the table
	counts dayFigures
}

const (
	mostDays  = 62
	mostWeeks = 53 * 7
)

// periods returns all columns from the first day to the last, the empty ones too, and what each is.
func (f *Figures) periods() (list []period, each string) {
	first, last := noon(f.From), noon(f.To)
	days := int(last.Sub(first).Hours()/24) + 1
	start, label, name := func(t time.Time) time.Time { return t }, "2 Jan", "Monday 2 January 2006"
	each = "day"
	switch {
	case days > mostWeeks:
		each, label, name = "month", "Jan 2006", "January 2006"
		start = func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }
		first = f.firstSeen(first)
	case days > mostDays:
		each, name = "week", "Week from Monday 2 January 2006"
		start = func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	}
	var current time.Time
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		if begin := start(day); len(list) == 0 || !begin.Equal(current) {
			current = begin
			list = append(list, period{Label: begin.Format(label), Name: begin.Format(name)})
		}
		list[len(list)-1].counts.add(f.days[date(day)])
	}
	return list, each
}

// firstSeen returns the first day with a lookup, but none before the given one, or the last day if there is no lookup:
// a report "from 1900" need not draw the empty century.
func (f *Figures) firstSeen(first time.Time) time.Time {
	var seen time.Time
	for day := range f.days {
		if t := noon(day); seen.IsZero() || t.Before(seen) {
			seen = t
		}
	}
	if seen.IsZero() {
		return noon(f.To)
	}
	if seen.Before(first) {
		return first
	}
	return seen
}

// noon represents a day in arithmetic: noon in UTC is on the same day in London.
func noon(d teacher.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 12, 0, 0, 0, time.UTC)
}

func date(t time.Time) teacher.Date { return teacher.LondonDate(t) }
