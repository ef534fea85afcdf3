package report

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"losttrn/internal/report/sheet"
	"losttrn/internal/teacher"
)

// lists are the reports that are lists: each has a query in sql/, a CSV file and a sheet of the workbook. To add a report,
// add its query and its name here; to add a column, add it to the query.
var lists = []string{"repeat-emails", "unlocks", "helpdesk-requests", "undelivered", "pending", "unreadable"}

// timeColumn ends the heading of a column that holds times: in London's time in the file, in milliseconds in the query.
const timeColumn = "(London)"

// longest is the list with by far the most rows.
const longest = "unlocks"

// write writes every file: the longest list and, side by side, the others and the summary; then the workbook of all.
func (m *maker) write(ctx context.Context) (err error) {
	book, err := sheet.NewWorkbook(m.options.Dir)
	if err != nil {
		return err
	}
	defer book.Close()
	beside, err := openDatabase(filepath.Join(m.options.Dir, DatabaseFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, beside.Close()) }()
	files, sheets := make([]File, len(lists)+2), make([]*sheet.Sheet, len(lists))
	for i, name := range lists {
		sheets[i] = book.Sheet(name)
	}
	group, ctx := errgroup.WithContext(ctx)
	write := func(db *database, chosen func(name string) bool) (err error) {
		for i, name := range lists {
			if err == nil && chosen(name) {
				files[i], err = m.writeList(ctx, db, name, sheets[i])
			}
		}
		return err
	}
	group.Go(func() error { return write(m.db, func(name string) bool { return name == longest }) })
	group.Go(func() (err error) {
		if err := write(beside, func(name string) bool { return name != longest }); err != nil {
			return err
		}
		files[len(lists)+1], err = m.writeSummary(ctx, beside)
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	files[len(lists)], err = m.file(WorkbookFile, func(file *os.File) (*int, error) { return nil, book.Write(file) })
	m.description.Files = append(m.description.Files, files...)
	return err
}

// rowsPassed is how many rows of a query are passed to the workbook at once.
const rowsPassed = 256

// writeList runs a query and, side by side, writes its rows to the CSV file and the workbook.
func (m *maker) writeList(ctx context.Context, db *database, name string, to *sheet.Sheet) (File, error) {
	return m.file(name+".csv", func(file *os.File) (*int, error) {
		csv, pages := sheet.NewCSV(file), make(chan [][]sheet.Cell, 4)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error {
			defer close(pages)
			return list(ctx, db, name, pages)
		})
		group.Go(func() error { return fill(csv, to, pages) })
		if err := group.Wait(); err != nil {
			return nil, fmt.Errorf("query %s: %w", name, err)
		}
		return &csv.Rows, csv.Flush()
	})
}

// list runs a query and passes its rows on, the headings first.
func list(ctx context.Context, db *database, name string, pages chan<- [][]sheet.Cell) error {
	var (
		times []bool
		page  [][]sheet.Cell
	)
	pass := func() error {
		select {
		case pages <- page:
			page = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := db.each(ctx, query(name), func(headings []string) error {
		cells := make([]sheet.Cell, len(headings))
		for i, heading := range headings {
			times = append(times, strings.HasSuffix(heading, timeColumn))
			cells[i] = sheet.Text(heading)
		}
		page = append(page, cells)
		return pass()
	}, func(row []driver.Value) error {
		cells := make([]sheet.Cell, len(row))
		for i, value := range row {
			var err error
			if cells[i], err = cell(value, times[i]); err != nil {
				return err
			}
		}
		if page = append(page, cells); len(page) < rowsPassed {
			return nil
		}
		return pass()
	})
	if err != nil {
		return err
	}
	return pass()
}

// fill writes the CSV file and the sheet of a list.
func fill(csv *sheet.CSV, to *sheet.Sheet, pages <-chan [][]sheet.Cell) error {
	headings, ok := <-pages
	if !ok {
		return nil
	}
	csv.Header(headings[0])
	if err := to.Begin(headings[0]); err != nil {
		return err
	}
	for page := range pages {
		for _, row := range page {
			csv.Row(row)
			if err := to.Row(row); err != nil {
				return err
			}
		}
	}
	return to.End()
}

// cell returns a value of a query as the files show it.
func cell(value driver.Value, isTime bool) (sheet.Cell, error) {
	switch v := value.(type) {
	case nil:
		return sheet.Cell{}, nil
	case string:
		return sheet.Text(v), nil
	case int64:
		if isTime {
			return sheet.Time(time.UnixMilli(v).In(teacher.London())), nil
		}
		return sheet.Number(v), nil
	}
	return sheet.Cell{}, fmt.Errorf("a cell is a %T", value)
}

// file writes a file of the report and describes it.
func (m *maker) file(name string, write func(*os.File) (rows *int, err error)) (described File, err error) {
	file, err := os.OpenFile(filepath.Join(m.options.Dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return File{}, fmt.Errorf("write the report: %w", err)
	}
	described.Name = name
	described.Rows, err = write(file)
	if err == nil && reproducible(name) {
		described.Bytes, described.SHA256, err = digest(file)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return File{}, fmt.Errorf("write %s: %w", name, err)
	}
	return described, nil
}

// reproducible reports whether making a file twice gives the same bytes. The workbook and the database have the same
// content each time, but in another order.
func reproducible(name string) bool { return name != WorkbookFile && name != DatabaseFile }
