package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
	"losttrn/internal/teacher"

	"golang.org/x/sync/errgroup"
)

// Options are the input and the destination of a load.
type Options struct {
	// Reader is the extract, packed with gzip or not.
	Reader io.Reader
	// Size is the extract's size in bytes, used for the progress alone; 0 if it is not known.
	Size int64
	// Records stores the records.
	Records *register.Records
	// Rejects receives the rejects file. Nothing is written if there are no rejects. It may be nil.
	Rejects io.Writer
	// Progress is called often with the progress of the load, by one goroutine at a time. It may be nil.
	Progress func(Progress)
	// Workers is how many calls are made to the table side by side, 32 if it is 0.
	Workers int
	// Clock returns the time; nil means time.Now.
	Clock func() time.Time

	// Providers stores the training providers that the rows name. It may be nil.
	Providers Providers
	// Tail is the end of the file, if it is known beforehand. With it, a plain file that was cut off in its last row is
	// refused before anything is written.
	Tail []byte
	// Until is when reading stops, so that another load continues from there; zero means never.
	Until time.Time

	// Full means that the extract is the whole register, so that records missing from it have vanished.
	Full bool
	// DeactivateMissing deactivates vanished records. It requires Full.
	DeactivateMissing bool
	// AllowMany allows that for more than one in a hundred of the active records.
	AllowMany bool
}

// Providers is the list of training providers that the form suggests.
type Providers interface {
	// Add adds those that are not listed yet.
	Add(ctx context.Context, providers []teacher.Provider) error
}

// Run loads an extract. Everything that the summary counts was stored, also if an error ended the load early; the load
// can then be run again from the start.
//
// The error is a *Refusal if the file or the options were refused. Any other error is of a kind of package fault or
// internal, and means that the load is not complete.
func Run(ctx context.Context, o Options) (Summary, error) {
	summary, _, err := Continue(ctx, o, nil)
	return summary, err
}

// Continue is Run for an extract that takes several loads, each of which reads until Options.Until. It returns the
// state from which the next one continues, nil when all is loaded. The state is nil for the first load; for the others
// the reader begins at the state's ReadFrom.
func Continue(ctx context.Context, o Options, from *State) (Summary, *State, error) {
	if o.DeactivateMissing && !o.Full {
		return Summary{}, nil, refuse("vanished records can be deactivated only by a full extract")
	}
	if o.Workers <= 0 {
		o.Workers = 32
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	l := newLoader(o)
	in, header, err := l.start(from)
	if err != nil {
		return Summary{}, nil, err
	}
	if o.DeactivateMissing && !slices.Contains(header, colStatus) {
		return Summary{}, nil, refuse("vanished records can be deactivated only by an extract with the column %s, so that one that "+
			"comes back is active again", colStatus)
	}
	stopped, err := l.load(ctx, in, newParser(header, o.Clock()))
	if err == nil && stopped {
		state, err := l.state(in, header)
		return l.tally.summary(l.named()), state, err
	}
	if err == nil {
		err = l.finish(ctx)
	}
	return l.tally.summary(l.named()), nil, err
}

// start opens the extract, or continues where another load stopped.
func (l *loader) start(from *State) (*rows, []string, error) {
	if from != nil {
		return l.resume(from)
	}
	in, header, err := open(l.Reader)
	if err == nil && !in.packed {
		err = checkTail(header, l.Tail)
	}
	return in, header, err
}

// loader is a load in progress.
type loader struct {
	Options
	tally *tally
	lanes []*lane
	// seen are the TRNs of the file, of rejected rows too.
	seen *trnSet
	// doubts are those that an earlier load of the extract left.
	doubts map[teacher.TRN]doubt
	// unreadable is how many rejected rows have a TRN that cannot be read.
	unreadable int
	rejects    *rejects

	// What remains to be done when all rows are read, and what the summary names.
	doubted    trnSet            // records that a row of this load put in doubt
	recovering trnSet            // records in doubt of which this load has a good row of that time
	merged     trnSet            // records that are merged into others
	births     map[string]int    // people born on each day
	providers  map[string]string // names of training providers, with their UKPRN or ""
	differing  trnSet            // records of which rows of one time say different things
	cycles     trnSet            // merged records whose merges end nowhere
	orphans    trnSet            // merged records whose retained record does not exist
}

func newLoader(o Options) *loader {
	return &loader{Options: o, tally: newTally(o), seen: new(trnSet), rejects: newRejects(o.Rejects),
		births: map[string]int{}, providers: map[string]string{}, doubts: map[teacher.TRN]doubt{}}
}

// load reads the rows and hands them to lanes by TRN, so that the rows of one TRN are stored in their order. It reports
// whether it stopped before the end, because its time was over.
func (l *loader) load(ctx context.Context, in *rows, p *parser) (stopped bool, err error) {
	work, ctx := errgroup.WithContext(ctx)
	l.lanes = make([]*lane, l.Workers)
	for i := range l.lanes {
		l.lanes[i] = &lane{loader: l, rows: make(chan []row), doubts: map[teacher.TRN]doubt{}}
	}
	for trn, left := range l.doubts {
		l.lanes[trnNumber(trn)%len(l.lanes)].doubts[trn] = left
	}
	for _, lane := range l.lanes {
		work.Go(func() error { return lane.store(ctx) })
	}
	work.Go(func() (err error) {
		stopped, err = l.feed(ctx, in, p)
		for _, lane := range l.lanes {
			close(lane.rows)
		}
		return err
	})
	err = errors.Join(work.Wait(), l.rejects.flush())
	return stopped, err
}

func (l *loader) feed(ctx context.Context, in *rows, p *parser) (stopped bool, err error) {
	batches := make([][]row, len(l.lanes))
	send := func(lane int) error {
		select {
		case l.lanes[lane].rows <- batches[lane]:
			batches[lane] = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for !stopped {
		raw, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, fmt.Errorf("read the file: %w", err)
		}
		l.tally.read(in.lines.bytes)
		stopped = !l.Until.IsZero() && !l.Clock().Before(l.Until)
		parsed, problems := p.parse(raw)
		if len(problems) > 0 {
			if err := l.rejects.add(raw.line, parsed.rejected, problems); err != nil {
				return false, err
			}
			l.tally.problems(parsed.rejected, problems)
		}
		if parsed.trn.IsZero() {
			l.unreadable++
			continue
		}
		number := trnNumber(parsed.trn)
		if isNew := l.seen.add(number); !parsed.rejected {
			l.notice(&parsed, isNew)
		}
		lane := number % len(l.lanes)
		if batches[lane] = append(batches[lane], parsed); len(batches[lane]) == register.MaxRead {
			if err := send(lane); err != nil {
				return false, err
			}
		}
	}
	for lane := range l.lanes {
		if len(batches[lane]) > 0 {
			if err := send(lane); err != nil {
				return false, err
			}
		}
	}
	return stopped, nil
}

// lane stores rows, one batch after the other. All rows of one TRN come to one lane.
type lane struct {
	*loader
	rows chan []row
	// doubts are of records that are not stored, or whose rejected row says no time.
	doubts map[teacher.TRN]doubt
}

func (l *lane) store(ctx context.Context) error {
	for batch := range l.rows {
		trns := make([]teacher.TRN, len(batch))
		for i := range batch {
			trns[i] = batch[i].trn
		}
		err := l.each(ctx, trns,
			func(i int, stored attribute.Item) decision { return l.decide(&batch[i], stored) },
			func(i int, d decision, now attribute.Item) error { return l.count(&batch[i], d, now) })
		if err != nil {
			return err
		}
		l.tally.report()
	}
	return nil
}

// count counts the outcome of a row, and notes what remains to be done for it.
func (l *lane) count(r *row, d decision, now attribute.Item) error {
	number := trnNumber(r.trn)
	if r.rejected {
		l.tally.doubted(d)
		return nil
	}
	if d.tooLarge {
		if err := l.rejects.add(r.line, true, []problem{{reason: "too large to store with the other rows of its TRN: more than 390 KB"}}); err != nil {
			return err
		}
		l.tally.problems(true, nil)
		return nil
	}
	l.tally.stored(d)
	if d.differs {
		l.differing.add(number)
	}
	if d.recovers {
		l.recovering.add(number)
	}
	if attribute.Text(now, "status") == string(teacher.Merged) {
		l.merged.add(number)
	}
	return nil
}

// finish does what must wait until all rows are stored.
func (l *loader) finish(ctx context.Context) error {
	if err := l.recover(ctx); err != nil {
		return err
	}
	if err := l.completeMerges(ctx); err != nil {
		return err
	}
	if err := l.listProviders(ctx); err != nil {
		return err
	}
	if l.Full {
		return l.vanished(ctx)
	}
	return nil
}

// each reads records, decides about each in turn, writes the decision, and calls count with the decision and the record
// after it. If a record was changed in between, it decides again on the changed record.
func (l *loader) each(ctx context.Context, trns []teacher.TRN, decide func(i int, stored attribute.Item) decision,
	count func(i int, d decision, now attribute.Item) error) error {
	found, err := l.Records.Read(ctx, distinct(trns))
	if err != nil {
		return err
	}
	for i, trn := range trns {
		stored := found[trn]
		for {
			d := decide(i, stored)
			if !d.writes {
				found[trn] = stored
				if err := count(i, d, stored); err != nil {
					return err
				}
				break
			}
			done, now, err := l.Records.Write(ctx, trn, d.set, stored, d.compared...)
			if err != nil {
				return err
			}
			if done {
				found[trn] = after(trn, stored, d.set)
				if err := count(i, d, found[trn]); err != nil {
					return err
				}
				break
			}
			stored = now
		}
	}
	return nil
}

func distinct(trns []teacher.TRN) []teacher.TRN {
	known := make(map[teacher.TRN]bool, len(trns))
	var once []teacher.TRN
	for _, trn := range trns {
		if !known[trn] {
			known[trn] = true
			once = append(once, trn)
		}
	}
	return once
}

// after returns the record after a write, for a later row of the same TRN.
func after(trn teacher.TRN, stored attribute.Item, set []fact) attribute.Item {
	item := apply(stored, set)
	item["trn"] = attribute.String(trn.Digits())
	return item
}

func apply(stored attribute.Item, set []fact) attribute.Item {
	item := make(attribute.Item, len(stored)+len(set)+1)
	for name, value := range stored {
		item[name] = value
	}
	for _, f := range set {
		if delete(item, f.Name); f.Value != nil {
			item[f.Name] = f.Value
		}
	}
	return item
}
