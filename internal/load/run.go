package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"golang.org/x/sync/errgroup"
)

// Options say what to load, and where.
type Options struct {
	// Reader gives the extract.
	Reader io.Reader
	// Size is how many bytes that is, for the progress alone; 0 if it is not known.
	Size int64
	// Store takes the records.
	Store *Store
	// Rejects takes the rejects file. Nothing is written to it if there are none. It may be nil.
	Rejects io.Writer
	// Progress is told how far the load is, often, and by one goroutine at a time. It may be nil.
	Progress func(Progress)
	// Workers is how many calls are made to the store side by side, 32 if it is 0.
	Workers int

	// Full says that the extract is the whole register, so that records that it lacks have vanished.
	Full bool
	// DeactivateMissing asks that vanished records are deactivated. It takes Full.
	DeactivateMissing bool
	// AllowMany allows that to more than one in a hundred of the active records.
	AllowMany bool
}

// Run loads an extract. What the summary counts was stored, also when an error ended the load early; then the load
// can be run again from the start.
//
// A *Refusal says that the file, or what was asked, was refused. Any other error is of package fault's kinds or
// internal, and says that the load did not come to its end.
func Run(ctx context.Context, o Options) (Summary, error) {
	if o.DeactivateMissing && !o.Full {
		return Summary{}, refuse("vanished records can be deactivated only by a full extract")
	}
	if o.Workers <= 0 {
		o.Workers = 32
	}
	l := &loader{store: o.Store, tally: newTally(o), seen: new(trnSet)}
	in := &rows{lines: newLines(o.Reader)}
	header, err := readHeader(in)
	if err != nil {
		return Summary{}, err
	}
	if o.DeactivateMissing && !slices.Contains(header, colStatus) {
		return Summary{}, refuse("vanished records can be deactivated only by an extract with the column %s, so that one that "+
			"comes back is active again", colStatus)
	}
	err = l.load(ctx, o, in, &parser{header: header})
	if err == nil && o.Full {
		err = l.vanished(ctx, o)
	}
	return l.tally.summary(), err
}

type loader struct {
	store *Store
	tally *tally
	// seen are the TRNs of the file, of rejected rows too.
	seen *trnSet
	// unreadable is how many rejected rows have a TRN that cannot be read.
	unreadable int
}

// load reads the rows and hands them to lanes by TRN, so that the rows of one TRN are stored in their order.
func (l *loader) load(ctx context.Context, o Options, in *rows, p *parser) error {
	rejects := newRejects(o.Rejects)
	work, ctx := errgroup.WithContext(ctx)
	lanes := make([]chan []row, o.Workers)
	for i := range lanes {
		lanes[i] = make(chan []row)
		work.Go(func() error { return l.lane(ctx, lanes[i]) })
	}
	work.Go(func() error {
		err := l.feed(ctx, in, p, rejects, lanes)
		for _, lane := range lanes {
			close(lane)
		}
		return err
	})
	return errors.Join(work.Wait(), rejects.flush())
}

func (l *loader) feed(ctx context.Context, in *rows, p *parser, rejects *rejects, lanes []chan []row) error {
	batches := make([][]row, len(lanes))
	send := func(lane int) error {
		select {
		case lanes[lane] <- batches[lane]:
			batches[lane] = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for {
		raw, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the file: %w", err)
		}
		l.tally.read(in.lines.bytes)
		parsed, problems := l.parse(p, raw)
		if len(problems) > 0 {
			if err := rejects.add(raw.line, problems); err != nil {
				return err
			}
			l.tally.rejected()
			continue
		}
		lane := trnNumber(parsed.trn) % len(lanes)
		if batches[lane] = append(batches[lane], parsed); len(batches[lane]) == maxBatch {
			if err := send(lane); err != nil {
				return err
			}
		}
	}
	for lane := range lanes {
		if len(batches[lane]) > 0 {
			if err := send(lane); err != nil {
				return err
			}
		}
	}
	return nil
}

// parse reads a row and notes its TRN.
func (l *loader) parse(p *parser, raw rawRow) (row, []problem) {
	if raw.bad != nil {
		l.unreadable++
		return row{}, []problem{{"", raw.bad.Error()}}
	}
	parsed, problems := p.parse(raw.cells)
	if parsed.trn.IsZero() {
		l.unreadable++
	} else {
		l.seen.add(trnNumber(parsed.trn))
	}
	return parsed, problems
}

// lane stores batches of rows, one after the other.
func (l *loader) lane(ctx context.Context, batches <-chan []row) error {
	for batch := range batches {
		trns := make([]teacher.TRN, len(batch))
		for i := range batch {
			trns[i] = batch[i].trn
		}
		err := l.each(ctx, trns, func(i int, stored attribute.Item) decision { return judge(&batch[i], stored) }, l.tally.stored)
		if err != nil {
			return err
		}
		l.tally.report()
	}
	return nil
}

// each reads records, and for each in turn decides what to do about it, does it, and tells count. Where the record
// is found changed by others in between, it is decided again from what it is now.
func (l *loader) each(ctx context.Context, trns []teacher.TRN, decide func(i int, stored attribute.Item) decision, count func(decision)) error {
	found, err := l.store.read(ctx, distinct(trns))
	if err != nil {
		return err
	}
	for i, trn := range trns {
		stored := found[trn]
		for {
			d := decide(i, stored)
			if !d.writes {
				count(d)
				break
			}
			done, now, err := l.store.write(ctx, trn, d.set, stored)
			if err != nil {
				return err
			}
			if done {
				found[trn] = after(trn, stored, d.set)
				count(d)
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

// after is the record after a write, for a later row of the same TRN.
func after(trn teacher.TRN, stored attribute.Item, set []fact) attribute.Item {
	item := key(trn)
	for name, value := range stored {
		item[name] = value
	}
	for _, f := range set {
		if delete(item, f.name); f.value != nil {
			item[f.name] = f.value
		}
	}
	return item
}
