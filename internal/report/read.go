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

// The tables of the database that rows are made for.
const (
	emailsTable = iota
	emailTRNsTable
	emailNotesTable
	lookupsTable
	findsTable
	requestsTable
	unreadableTable
	reportedTable
	tableCount
)

// tables are their names.
var tables = [tableCount]string{emailsTable: "emails", emailTRNsTable: "email_trns", emailNotesTable: "email_notes", lookupsTable: "lookups",
	findsTable: "finds", requestsTable: "helpdesk_requests", unreadableTable: "unreadable", reportedTable: "reported"}

// rows collects the rows that a worker makes from items, table by table.
type rows [tableCount][]driver.Value

func (r *rows) add(table int, cells ...driver.Value) { r[table] = append(r[table], cells...) }

// lengths returns how many cells there are of each table, so that later additions can be undone.
func (r *rows) lengths() (lengths [tableCount]int) {
	for table := range r {
		lengths[table] = len(r[table])
	}
	return lengths
}

func (r *rows) takeBack(lengths [tableCount]int) {
	for table := range r {
		r[table] = r[table][:lengths[table]]
	}
}

// batchItems is how many items' rows go to the database at once.
const batchItems = 256

// reading describes how the items of one table become rows.
type reading struct {
	table dataset.Table
	key   string // the attribute that is the table's key
	rows  func(m *maker, item *dataset.Item, to *rows)
}

// readings are in the order in which the tables are read: mailboxes and requests say which lookups are wanted.
var readings = []reading{
	{dataset.Emails, "email", (*maker).emailRows},
	{dataset.HelpdeskRequests, "lookupId", (*maker).requestRows},
	{dataset.Lookups, "lookupId", (*maker).lookupRows},
}

// read reads the exports into the database: several workers unpack and decode, one writes.
func (m *maker) read(ctx context.Context) error {
	if err := m.db.exec(ctx, query("schema")+detailColumns()+"BEGIN"); err != nil {
		return err
	}
	group, reading := errgroup.WithContext(ctx)
	batches, emptied := make(chan *rows, m.options.Workers), make(chan *rows, 2*m.options.Workers)
	group.Go(func() error {
		defer close(batches)
		for _, r := range readings {
			if err := m.readTable(reading, r, batches, emptied); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error { return m.insert(reading, batches, emptied) })
	return group.Wait()
}

func (m *maker) readTable(ctx context.Context, r reading, batches chan<- *rows, emptied <-chan *rows) error {
	var items atomic.Int64
	send := func(batch *rows, counted counts) error {
		counted.add(batch[lookupsTable], m.window)
		select {
		case batches <- batch:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return m.set.Exports[r.table].Read(ctx, m.source, m.options.Workers, func() dataset.Reader {
		batch, count, counted := &rows{}, 0, counts{}
		return dataset.Reader{
			Item: func(item *dataset.Item) error {
				m.add(r, item, batch)
				if count++; count%batchItems != 0 {
					return nil
				}
				if err := send(batch, counted); err != nil {
					return err
				}
				select {
				case batch = <-emptied: // has room already
				default:
					batch = &rows{}
				}
				return nil
			},
			End: func() error {
				err := send(batch, counted)
				m.reported.add(counted)
				return err
			},
		}
	}, func(n int64) { m.options.Progress(r.table, items.Add(n)) })
}

// add adds the rows of an item. An expired item has none; an unreadable one is listed as such.
func (m *maker) add(r reading, item *dataset.Item, to *rows) {
	expiresAt := item.Seconds("expiresAt")
	if expiresAt != 0 && expiresAt <= m.at.Unix() {
		return
	}
	before := to.lengths()
	r.rows(m, item, to)
	if len(item.Problems) == 0 {
		return
	}
	to.takeBack(before)
	var key driver.Value
	for _, a := range item.Attributes {
		if a.Name == r.key && a.Value.Type == "S" {
			key = a.Value.Text
		}
	}
	file, line := item.Place()
	for _, problem := range item.Problems {
		to.add(unreadableTable, string(r.table), key, problem.Attribute, problem.Why, file, int64(line))
	}
}

// insert inserts the rows of batches, and passes the batches back emptied.
func (m *maker) insert(ctx context.Context, batches <-chan *rows, emptied chan<- *rows) error {
	var inserters [tableCount]*inserter
	for number, table := range tables {
		i, err := m.db.inserter(ctx, table)
		if err != nil {
			return fmt.Errorf("report database: %w", err)
		}
		defer i.Close()
		inserters[number] = i
	}
	for {
		select {
		case batch, ok := <-batches:
			if !ok {
				return m.reported.insert(ctx, inserters[reportedTable])
			}
			for table, cells := range batch {
				if err := inserters[table].insert(ctx, cells); err != nil {
					return fmt.Errorf("report database: insert into %s: %w", tables[table], err)
				}
				clear(cells)
			}
			batch.takeBack([tableCount]int{})
			select {
			case emptied <- batch:
			default:
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// text returns a cell for a string that may be absent.
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// millis returns a cell for a time that may be absent.
func millis(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}
