package report

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"losttrn/internal/message"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
	"losttrn/internal/report/run"
	"losttrn/internal/report/spill"
	"losttrn/internal/report/summary"
	"losttrn/internal/teacher"
)

// making is one report while it is made.
type making struct {
	source  dataset.Source
	set     *dataset.Set
	options Options
	at      time.Time // the moment reported
	window  window

	repeats  *spill.Sorter // rows of repeat-emails.csv, most TRNs first
	claims   *spill.Sorter // of the addresses that found more TRNs than their items hold
	unlocks  *spill.Sorter
	requests *spill.Sorter
	overfull map[uint64]struct{} // digests of those addresses

	mu          sync.Mutex
	figures     summary.Figures
	description Description
}

func newMaking(source dataset.Source, set *dataset.Set, options Options) *making {
	if options.Workers == 0 {
		options.Workers = DefaultWorkers
	}
	if options.Progress == nil {
		options.Progress = func(dataset.Table, int64) {}
	}
	w := newWindow(set.Time, options.Days)
	m := &making{source: source, set: set, options: options, at: set.Time.UTC(), window: w, overfull: map[uint64]struct{}{}}
	m.figures = summary.New(set.Time, w.first, w.last)
	// Temporary files of the sorting lie beside the report's: on the same disk, and thrown away with it.
	for _, sorter := range []**spill.Sorter{&m.repeats, &m.claims, &m.unlocks, &m.requests} {
		*sorter = spill.New(options.Dir, sortMemory)
	}
	return m
}

func (m *making) close() {
	for _, sorter := range []*spill.Sorter{m.repeats, m.claims, m.unlocks, m.requests} {
		// A file that cannot be removed is in the folder that the caller removes.
		_ = sorter.Close()
	}
}

// read streams a table. newItem makes for each worker a function that takes the items' attributes one by one and
// one that is called at the end of each item.
func (m *making) read(ctx context.Context, table dataset.Table, newItem func(*dynamojson.Decoder) (attribute func(name []byte) error, end func() error)) error {
	var items atomic.Int64
	return m.set.Exports[table].Read(ctx, m.source, m.options.Workers, func() dataset.Reader {
		decoder := &dynamojson.Decoder{}
		attribute, end := newItem(decoder)
		return func(line []byte) error {
			if err := decoder.Line(line, attribute); err != nil {
				return err
			}
			return end()
		}
	}, func(n int64) { m.options.Progress(table, items.Add(n)) })
}

// window is the time in which a lookup must have been received to be reported.
type window struct {
	from, until time.Time // until is zero if the last day is left open: nothing in an export is newer than it
	first, last teacher.Date
}

func newWindow(at time.Time, days run.Days) window {
	var w window
	if days.To.IsZero() {
		w.last = teacher.LondonDate(at.Add(-time.Nanosecond))
	} else {
		w.last = days.To
		w.until = startOf(days.To).AddDate(0, 0, 1)
	}
	switch {
	case !days.From.IsZero():
		w.from = startOf(days.From)
	case !w.until.IsZero():
		w.from = w.until.AddDate(0, 0, -reportedDays)
	default:
		w.from = at.In(teacher.London).AddDate(0, 0, -reportedDays)
	}
	w.first = teacher.LondonDate(w.from)
	return w
}

// future tells of a time that an export cannot hold. A day or two are forgiven: the local stack exports what is
// there, whatever moment it is asked for.
func (m *making) future(t time.Time) bool { return t.Sub(m.at) > 48*time.Hour }

func (w window) holds(t time.Time) bool {
	return !t.Before(w.from) && (w.until.IsZero() || t.Before(w.until))
}

// reportedDays is how many days a report of lookups covers unless days are asked for.
const reportedDays = 31

func startOf(d teacher.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, teacher.London)
}

// utc and london are the two ways in which a time is written: as the tables hold it, and as a person in the
// helpdesk reads it.
func utc(t time.Time) string    { return t.UTC().Format(message.TimeFormat) }
func london(t time.Time) string { return t.In(teacher.London).Format("2006-01-02 15:04:05") }

// timeAt reads a time that a table holds.
func timeAt(name string, text []byte) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return t, dataset.Unusable("%s is not a time", name)
	}
	return t, nil
}

func lacks(name string) error { return dataset.Unusable("it has no %s", name) }
