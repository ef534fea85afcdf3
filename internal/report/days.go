package report

import (
	"context"
	"database/sql/driver"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

//go:embed bankholidays.txt
var bankHolidaysText string

// bankHolidays are the bank holidays of England, by their dates (YYYY-MM-DD).
var bankHolidays = func() map[string]bool {
	dates := map[string]bool{}
	for line := range strings.Lines(bankHolidaysText) {
		if date, _, ok := strings.Cut(line, " "); ok && date != "#" {
			dates[date] = true
		}
	}
	return dates
}()

// workingDay reports whether people work in England on a day: Monday to Friday, and no bank holiday.
func workingDay(day time.Time) bool {
	weekday := day.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !bankHolidays[day.Format(time.DateOnly)]
}

// window is the time in which a lookup must have been received to be reported.
type window struct {
	from, until time.Time
	first, last teacher.Date
}

// reportedDays is how many days a report of lookups covers unless days are asked for.
const reportedDays = 31

// newWindow returns the days that are asked for; by default the last 31 before the moment.
func newWindow(at time.Time, days dataset.Days) window {
	w := window{until: at.Add(time.Millisecond), last: teacher.LondonDate(at.Add(-time.Nanosecond))}
	if !days.To.IsZero() {
		w.last = days.To
		w.until = startOf(days.To).AddDate(0, 0, 1)
	}
	switch {
	case !days.From.IsZero():
		w.from = startOf(days.From)
	case !days.To.IsZero():
		w.from = w.until.AddDate(0, 0, -reportedDays)
	default:
		w.from = at.In(teacher.London()).AddDate(0, 0, -reportedDays)
	}
	w.first = teacher.LondonDate(w.from)
	return w
}

func startOf(d teacher.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, teacher.London())
}

// fillRun writes to the database what is reported, and all days from the earliest request to the moment of the exports.
func (m *maker) fillRun(ctx context.Context) error {
	previous := "NULL"
	if !m.options.Previous.IsZero() {
		previous = fmt.Sprint(m.options.Previous.UnixMilli())
	}
	err := m.db.exec(ctx, fmt.Sprintf("INSERT INTO run VALUES (%d, %d, %d, %s)", m.at.UnixMilli(), m.window.from.UnixMilli(), m.window.until.UnixMilli(), previous))
	if err != nil {
		return err
	}
	earliest := m.at
	err = m.db.each(ctx, "SELECT min(requested_at) FROM helpdesk_requests", ignore, func(cells []driver.Value) error {
		if at, ok := cells[0].(int64); ok && at < earliest.UnixMilli() {
			earliest = time.UnixMilli(at)
		}
		return nil
	})
	if err != nil {
		return err
	}
	days, err := m.db.inserter(ctx, "days")
	if err != nil {
		return fmt.Errorf("report database: %w", err)
	}
	defer days.Close()
	var cells []driver.Value
	working := int64(0)
	for day := startOf(teacher.LondonDate(earliest)); !day.After(m.at); {
		next := startOf(teacher.LondonDate(day.Add(36 * time.Hour)))
		if workingDay(day) {
			working++
		}
		cells = append(cells, day.Format(time.DateOnly), day.UnixMilli(), next.UnixMilli(), working)
		day = next
	}
	if err := days.insert(ctx, cells); err != nil {
		return fmt.Errorf("report database: insert into days: %w", err)
	}
	return nil
}
