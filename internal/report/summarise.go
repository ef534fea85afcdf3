package report

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"

	"losttrn/internal/report/summary"
)

// writeSummary writes summary.html from the figures of its query.
func (m *maker) writeSummary(ctx context.Context, db *database) (File, error) {
	figures := summary.New(m.at, m.window.first, m.window.last)
	figures.Warnings = m.set.Warnings
	figures.Reasons = reasons()
	err := db.each(ctx, query("summary"), ignore, func(row []driver.Value) error {
		number, ok := row[3].(int64)
		if !ok {
			return fmt.Errorf("a figure is a %T", row[3])
		}
		return figures.Add(words(row[0]), words(row[1]), words(row[2]), int(number))
	})
	if err != nil {
		return File{}, fmt.Errorf("query summary: %w", err)
	}
	d := &m.description
	d.From, d.To = figures.From.ISO(), figures.To.ISO()
	d.Unreadable, d.Counts = figures.Unreadable(), figures.Counts()
	return m.file(SummaryFile, func(file *os.File) (*int, error) { return nil, figures.Write(file) })
}

// words returns a cell as text, "" for none.
func words(cell driver.Value) string {
	if cell == nil {
		return ""
	}
	if text, ok := cell.(string); ok {
		return text
	}
	return fmt.Sprint(cell)
}
