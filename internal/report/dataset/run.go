package dataset

import (
	"regexp"
	"time"

	"losttrn/internal/teacher"
)

// Run is one making of the reports: the moment whose state is reported, and the days covered. Its name holds both, so
// that a function can derive the run from any file of it, and nothing about runs is stored.
//
//	2026-11-22                                             the run of a day: its first moment in Europe/London
//	20261122T221500Z                                       a run asked for at a moment
//	20261122T221500Z-from-2026-10-01-to-2026-10-31         … about days of its own
type Run struct {
	name       string
	exportTime time.Time
	days       Days
}

// Days are the days that a report of lookups covers, both included, in Europe/London. The zero Days are the
// last 31 before the export; either end may be left out.
type Days struct{ From, To teacher.Date }

const momentForm = "20060102T150405Z"

// RunOfDay returns the scheduled run of a day. It reports the state at the first moment of the day in Europe/London, so
// that its last day is a whole one and every call on that day means the same run.
func RunOfDay(day teacher.Date) Run {
	start := time.Date(day.Year(), time.Month(day.Month()), day.Day(), 0, 0, 0, 0, teacher.London())
	return Run{name: day.ISO(), exportTime: start.UTC()}
}

// RunAt returns a run that was asked for at a moment, to the second.
func RunAt(moment time.Time, days Days) (Run, error) {
	if !days.From.IsZero() && !days.To.IsZero() && days.From.After(days.To) {
		return Run{}, invalid("the first day, %s, is after the last, %s", days.From, days.To)
	}
	moment = moment.UTC().Truncate(time.Second)
	name := moment.Format(momentForm)
	if !days.From.IsZero() {
		name += "-from-" + days.From.ISO()
	}
	if !days.To.IsZero() {
		name += "-to-" + days.To.ISO()
	}
	return Run{name, moment, days}, nil
}

var nameForm = regexp.MustCompile(`^(\d{8}T\d{6}Z)(?:-from-(\d{4}-\d\d-\d\d))?(?:-to-(\d{4}-\d\d-\d\d))?$`)

// ParseRun reads a name that Name returned. Its error wraps fault.Invalid.
func ParseRun(name string) (Run, error) {
	if day, err := teacher.ParseDate(name); err == nil {
		return RunOfDay(day), nil
	}
	parts := nameForm.FindStringSubmatch(name)
	if parts == nil {
		return Run{}, invalid("not the name of a run")
	}
	moment, err := time.Parse(momentForm, parts[1])
	if err != nil {
		return Run{}, invalid("not the name of a run")
	}
	days, err := ParseDays(parts[2], parts[3])
	if err != nil {
		return Run{}, err
	}
	return RunAt(moment, days)
}

// ParseDays reads two dates, YYYY-MM-DD, either of which may be "". Its error wraps fault.Invalid.
func ParseDays(from, to string) (days Days, err error) {
	if from != "" {
		if days.From, err = teacher.ParseDate(from); err != nil {
			return days, invalid("the first day %.20q is not a date like 2026-11-22", from)
		}
	}
	if to != "" {
		if days.To, err = teacher.ParseDate(to); err != nil {
			return days, invalid("the last day %.20q is not a date like 2026-11-22", to)
		}
	}
	if from != "" && to != "" && days.From.After(days.To) {
		return days, invalid("the first day, %s, is after the last, %s", from, to)
	}
	return days, nil
}

// Name returns the run's name, which can be part of an S3 key or a file name.
func (r Run) Name() string { return r.name }

// ExportTime returns the moment whose state the tables are exported at.
func (r Run) ExportTime() time.Time { return r.exportTime }

// Days returns the days that the run was asked to cover.
func (r Run) Days() Days { return r.days }

// ExportPrefix returns the prefix in the export bucket under which DynamoDB writes a table's export.
func (r Run) ExportPrefix(table string) string { return r.ExportFolder() + table }

// ExportFolder returns the prefix in the export bucket of all exports of the run.
func (r Run) ExportFolder() string { return ExportFolder + r.name + "/" }

// ExportFolder is the prefix in the export bucket of all runs.
const ExportFolder = "runs/"

// invalid is the refusal of a run in one sentence. It wraps fault.Invalid.
func invalid(why string, parts ...any) error { return refuse("", why, parts...) }
