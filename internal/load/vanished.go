package load

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"golang.org/x/sync/errgroup"
)

// scanParts is how many parts of the table are listed side by side.
const scanParts = 4

// vanished counts the active records that a full extract lacks, and deactivates them if that is asked and allowed.
func (l *loader) vanished(ctx context.Context, o Options) error {
	missing := new(trnSet)
	activeRecords, count := 0, 0
	var mu sync.Mutex
	scan, scanCtx := errgroup.WithContext(ctx)
	for part := range scanParts {
		scan.Go(func() error {
			return l.store.active(scanCtx, part, scanParts, func(trn teacher.TRN) {
				mu.Lock()
				defer mu.Unlock()
				activeRecords++
				if number := trnNumber(trn); !l.seen.has(number) {
					missing.add(number)
					count++
				}
			})
		})
	}
	if err := scan.Wait(); err != nil {
		return err
	}
	l.tally.vanished(count)
	switch {
	case !o.DeactivateMissing || count == 0:
		return nil
	case l.unreadable > 0:
		return refuse("%d active records are not in the extract, and none of them was deactivated: the TRNs of %d rejected rows "+
			"cannot be read, and may be of them", count, l.unreadable)
	case count*100 > activeRecords && !o.AllowMany:
		return refuse("%d of %d active records are not in the extract, more than one in a hundred, and none of them was "+
			"deactivated: is the extract whole? If it is, allow it (-allow-many)", count, activeRecords)
	}
	return l.deactivate(ctx, missing, o.Workers)
}

func (l *loader) deactivate(ctx context.Context, missing *trnSet, workers int) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(workers)
	var batch []teacher.TRN
	send := func() {
		trns := batch
		batch = nil
		work.Go(func() error {
			defer l.tally.report()
			return l.each(ctx, trns, func(_ int, stored attribute.Item) decision { return deactivate(stored) }, l.tally.deactivated)
		})
	}
	for number := range missing.all {
		trn, err := teacher.ParseTRN(fmt.Sprintf("%07d", number))
		if err != nil {
			return fmt.Errorf("vanished record: %w", err) // impossible: the set holds TRNs
		}
		if batch = append(batch, trn); len(batch) == maxBatch {
			send()
		}
		if ctx.Err() != nil {
			break
		}
	}
	if len(batch) > 0 {
		send()
	}
	return work.Wait()
}

// trnSet is a set of TRNs: a bit for each of the ten million there can be, 1.25 MB, however many it holds.
type trnSet [10_000_000/64 + 1]uint64

func (s *trnSet) add(number int) { s[number/64] |= 1 << (number % 64) }

func (s *trnSet) has(number int) bool { return s[number/64]&(1<<(number%64)) != 0 }

// all gives the members in order.
func (s *trnSet) all(yield func(int) bool) {
	for i, word := range s {
		for bit := 0; word != 0; bit++ {
			if word&1 != 0 && !yield(i*64+bit) {
				return
			}
			word >>= 1
		}
	}
}

// trnNumber is a TRN as a number below ten million.
func trnNumber(trn teacher.TRN) int {
	n, err := strconv.Atoi(trn.Digits())
	if err != nil {
		panic("TRN of other than digits") // impossible: a TRN is seven digits
	}
	return n
}
