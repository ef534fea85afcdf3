package trigger

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Schedule computes the times of a schedule.
type Schedule interface {
	// Next returns the first time after t.
	Next(t time.Time) time.Time
}

// ParseSchedule reads cron(…) and rate(…) as EventBridge Scheduler writes them,
// in a time zone.
func ParseSchedule(expression, zone string) (Schedule, error) {
	location := time.UTC
	if zone != "" {
		var err error
		if location, err = time.LoadLocation(zone); err != nil {
			return nil, fmt.Errorf("schedule: %w", err)
		}
	}
	kind, rest, _ := strings.Cut(strings.TrimSpace(expression), "(")
	body, closed := strings.CutSuffix(rest, ")")
	if closed {
		switch kind {
		case "rate":
			return parseRate(body)
		case "cron":
			return parseCron(body, location)
		}
	}
	return nil, fmt.Errorf("the local stack does not know the schedule %q", expression)
}

type rate time.Duration

func (r rate) Next(t time.Time) time.Time { return t.Add(time.Duration(r)) }

func parseRate(body string) (Schedule, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(body), " ")
	n, err := strconv.Atoi(number)
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	each, ok := units[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
	if err != nil || n < 1 || !ok {
		return nil, fmt.Errorf("the local stack does not know the rate %q", body)
	}
	return rate(time.Duration(n) * each), nil
}

// cron holds which minutes, hours, … match. Days of the week count from Sunday = 1.
type cron struct {
	minute, hour, day, month, weekday, year map[int]bool
	location                                *time.Location
}

func parseCron(body string, location *time.Location) (Schedule, error) {
	fields := strings.Fields(body)
	if len(fields) != 6 {
		return nil, fmt.Errorf("cron(%s): it has %d fields, not six", body, len(fields))
	}
	c := cron{location: location}
	for i, f := range []struct {
		into     *map[int]bool
		low, top int
		names    string
	}{
		{&c.minute, 0, 59, ""},
		{&c.hour, 0, 23, ""},
		{&c.day, 1, 31, ""},
		{&c.month, 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"},
		{&c.weekday, 1, 7, "SUN MON TUE WED THU FRI SAT"},
		{&c.year, 1970, 2199, ""},
	} {
		set, err := parseField(fields[i], f.low, f.top, strings.Fields(f.names))
		if err != nil {
			return nil, fmt.Errorf("cron(%s): %w", body, err)
		}
		*f.into = set
	}
	return c, nil
}

func parseField(field string, low, top int, names []string) (map[int]bool, error) {
	number := func(text string) (int, error) {
		for i, name := range names {
			if strings.EqualFold(name, text) {
				return low + i, nil
			}
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > top {
			// Also L, W and #, which no schedule of the template has.
			return 0, fmt.Errorf("the local stack does not know the field %q", field)
		}
		return n, nil
	}
	set := map[int]bool{}
	for part := range strings.SplitSeq(field, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return nil, fmt.Errorf("the local stack does not know the field %q", field)
			}
		}
		from, to := low, top
		if span != "*" && span != "?" {
			first, last, ranged := strings.Cut(span, "-")
			var err error
			if from, err = number(first); err != nil {
				return nil, err
			}
			switch {
			case ranged:
				if to, err = number(last); err != nil {
					return nil, err
				}
			case !stepped:
				to = from
			}
		}
		for n := from; n <= to; n += step {
			set[n] = true
		}
	}
	return set, nil
}

// Next returns the first matching minute of the first matching day after a time. A time that a change of clocks leaves
// out is skipped.
func (c cron) Next(after time.Time) time.Time {
	t := after.In(c.location).Truncate(time.Minute).Add(time.Minute)
	for t.Year() < 2200 {
		if !c.year[t.Year()] || !c.month[int(t.Month())] || !c.day[t.Day()] || !c.weekday[int(t.Weekday())+1] {
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, c.location)
			continue
		}
		if c.hour[t.Hour()] && c.minute[t.Minute()] {
			return t
		}
		t = t.Add(time.Minute)
	}
	return time.Time{}
}
