package load

import (
	"context"
	"sync"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"golang.org/x/sync/errgroup"
)

// scanParts is how many parts of the table are listed side by side.
const scanParts = 4

// vanished counts the active records that a full extract lacks, and deactivates them if that is asked and allowed.
func (l *loader) vanished(ctx context.Context) error {
	missing := new(trnSet)
	activeRecords := 0
	var mu sync.Mutex
	scan, scanCtx := errgroup.WithContext(ctx)
	for part := range scanParts {
		scan.Go(func() error {
			return l.Records.Active(scanCtx, part, scanParts, func(trn teacher.TRN) {
				mu.Lock()
				defer mu.Unlock()
				activeRecords++
				if number := trnNumber(trn); !l.seen.has(number) {
					missing.add(number)
				}
			})
		})
	}
	if err := scan.Wait(); err != nil {
		return err
	}
	count := missing.len()
	l.tally.vanished(count)
	switch {
	case !l.DeactivateMissing || count == 0:
		return nil
	case l.unreadable > 0:
		return refuse("%d active records are not in the extract, and none of them was deactivated: the TRNs of %d rejected rows "+
			"cannot be read, and may be of them", count, l.unreadable)
	case count*100 > activeRecords && !l.AllowMany:
		return refuse("%d of %d active records are not in the extract, more than one in a hundred, and none of them was "+
			"deactivated: is the extract whole? If it is, allow it (-allow-many)", count, activeRecords)
	}
	return l.eachOf(ctx, missing, func(_ teacher.TRN, stored attribute.Item) decision { return deactivate(stored) }, l.tally.deactivated)
}
