package report

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"
	"time"

	"losttrn/internal/teacher"
)

// The columns of the table lookups, in order, and how many there are.
const (
	_ = iota // lookup_id
	_        // reference
	receivedColumn
	outcomeColumn
	_ // trn
	_ // mailbox
	_ // email
	_ // name
	unlockOutcomeColumn
	unlockReasonsColumn
	_ // decided_at
	trnEmailedColumn
	deliveryColumn
	lookupColumns
)

// kind is what the summary groups lookups by: the columns of the table reported, apart from the number.
type kind struct{ day, outcome, unlockOutcome, unlockReasons, delivery string }

// counts are how many lookups of the days reported there are of each kind.
type counts map[kind]int64

// add counts rows of the table lookups, whose cells stand one after another.
func (c counts) add(cells []driver.Value, days window) {
	from, until := days.from.UnixMilli(), days.until.UnixMilli()
	for row := range slices.Chunk(cells, lookupColumns) {
		received := row[receivedColumn].(int64)
		if received < from || received >= until {
			continue
		}
		k := kind{day: teacher.LondonDate(time.UnixMilli(received)).ISO(), outcome: words(row[outcomeColumn]),
			unlockOutcome: words(row[unlockOutcomeColumn]), unlockReasons: words(row[unlockReasonsColumn]), delivery: words(row[deliveryColumn])}
		switch {
		case k.delivery != "":
		case row[trnEmailedColumn] == nil:
			k.delivery = "not_sent"
		default:
			k.delivery = "no_receipt"
		}
		c[k]++
	}
}

// reported are the counts of all workers together.
type reported struct {
	mu  sync.Mutex
	all counts
}

func (r *reported) add(some counts) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, number := range some {
		r.all[k] += number
	}
}

// insert fills the table reported.
func (r *reported) insert(ctx context.Context, to *inserter) error {
	for k, number := range r.all {
		if err := to.insert(ctx, []driver.Value{k.day, k.outcome, text(k.unlockOutcome), text(k.unlockReasons), k.delivery, number}); err != nil {
			return err
		}
	}
	return nil
}
