package report

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/report/dataset"
)

// The tables of the database, with the number of their columns.
var tableColumns = map[string]int{"emails": 8, "email_trns": 3, "email_notes": 5, "lookups": 14, "finds": 7,
	"helpdesk_requests": 22, "unreadable": 6}

// rows collects the rows that a worker makes of items, table by table.
type rows map[string][]driver.Value

func (r rows) add(table string, cells ...driver.Value) { r[table] = append(r[table], cells...) }

// batchItems is how many items' rows go to the database at once.
const batchItems = 256

// reading makes rows of the items of one table.
type reading struct {
	table dataset.Table
	key   string // the attribute that is the table's key
	rows  func(m *maker, item *dataset.Item, to rows)
}

// readings are in the order in which the tables are read: mailboxes and requests say which lookups are wanted.
var readings = []reading{
	{dataset.Emails, "email", (*maker).emailRows},
	{dataset.HelpdeskRequests, "lookupId", (*maker).requestRows},
	{dataset.Lookups, "lookupId", (*maker).lookupRows},
}

// read reads the exports into the database: several workers unpack and decode, one writes.
func (m *maker) read(ctx context.Context) error {
	if err := m.db.exec(ctx, query("schema")+"BEGIN"); err != nil {
		return err
	}
	group, reading := errgroup.WithContext(ctx)
	batches := make(chan rows, m.options.Workers)
	group.Go(func() error {
		defer close(batches)
		for _, r := range readings {
			if err := m.readTable(reading, r, batches); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error { return m.insert(reading, batches) })
	if err := group.Wait(); err != nil {
		return err
	}
	return m.db.exec(ctx, "COMMIT")
}

func (m *maker) readTable(ctx context.Context, r reading, batches chan<- rows) error {
	var items atomic.Int64
	send := func(batch rows) error {
		select {
		case batches <- batch:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return m.set.Exports[r.table].Read(ctx, m.source, m.options.Workers, func() dataset.Reader {
		batch, count := rows{}, 0
		return dataset.Reader{
			Item: func(item *dataset.Item) error {
				m.add(r, item, batch)
				if count++; count%batchItems != 0 {
					return nil
				}
				full := batch
				batch = rows{}
				return send(full)
			},
			End: func() error { return send(batch) },
		}
	}, func(n int64) { m.options.Progress(r.table, items.Add(n)) })
}

// add makes the rows of an item. One that has passed its time to live has none; one that cannot be read is named.
func (m *maker) add(r reading, item *dataset.Item, to rows) {
	expiresAt := item.Seconds("expiresAt")
	if expiresAt != 0 && expiresAt <= m.at.Unix() {
		return
	}
	made := rows{}
	r.rows(m, item, made)
	if len(item.Problems) == 0 {
		for table, cells := range made {
			to[table] = append(to[table], cells...)
		}
		return
	}
	var key driver.Value
	for _, a := range item.Attributes {
		if a.Name == r.key && a.Value.Type == "S" {
			key = a.Value.Text
		}
	}
	file, line := item.Place()
	for _, problem := range item.Problems {
		to.add("unreadable", string(r.table), key, problem.Attribute, problem.Why, file, int64(line))
	}
}

func (m *maker) insert(ctx context.Context, batches <-chan rows) error {
	inserters := map[string]*inserter{}
	for table, columns := range tableColumns {
		i, err := m.db.inserter(table, columns)
		if err != nil {
			return fmt.Errorf("report database: %w", err)
		}
		defer i.Close()
		inserters[table] = i
	}
	for {
		select {
		case batch, ok := <-batches:
			if !ok {
				return nil
			}
			for table, cells := range batch {
				if err := inserters[table].insert(ctx, cells); err != nil {
					return fmt.Errorf("report database: insert into %s: %w", table, err)
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// text is a cell for a string that may be absent.
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// millis is a cell for a time that may be absent.
func millis(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}
