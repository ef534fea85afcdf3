package report

import (
	"context"
	"database/sql/driver"
	"slices"
)

// kind is what the summary tells lookups apart by: the columns of the table reported, but for the number. A cell is a string
// or nil.
type kind struct{ day, outcome, unlockOutcome, unlockReasons, delivery driver.Value }

// counts are how many lookups of the days reported there are of each kind.
type counts map[kind]int64

// add counts rows of the table lookups, of so many columns, whose cells stand one after another.
func (c counts) add(cells []driver.Value, columns int, days window) {
	from, until := days.from.UnixMilli(), days.until.UnixMilli()
	for row := range slices.Chunk(cells, columns) {
		if received := row[2].(int64); received < from || received >= until {
			continue
		}
		emailedAt, delivery := row[12], row[13]
		switch {
		case delivery != nil:
		case emailedAt == nil:
			delivery = "not_sent"
		default:
			delivery = "no_receipt"
		}
		c[kind{row[3], row[4], row[9], row[10], delivery}]++
	}
}

// insert fills the table reported.
func (c counts) insert(ctx context.Context, to *inserter) error {
	for k, number := range c {
		if err := to.insert(ctx, []driver.Value{k.day, k.outcome, k.unlockOutcome, k.unlockReasons, k.delivery, number}); err != nil {
			return err
		}
	}
	return nil
}
