package reportcmd

import (
	"fmt"
	"sync"
	"time"

	"losttrn/internal/local/progress"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/summary"
	"losttrn/internal/teacher"
)

// Console shows the reading on a line of progress.
type Console struct {
	Line *progress.Line

	mu    sync.Mutex
	begun time.Time
	read  map[dataset.Table]int64
	all   int64
}

// Found prints which exports will be read.
func (c *Console) Found(set *dataset.Set) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun, c.all, c.read = c.Line.Clock(), set.Items(), map[dataset.Table]int64{}
	fmt.Fprintf(c.Line.Out, "Reading the tables as they were at %s (London):", set.Time.In(teacher.London()).Format("2006-01-02 15:04:05"))
	for i, table := range dataset.Tables {
		separator := ","
		if i == 0 {
			separator = ""
		}
		fmt.Fprintf(c.Line.Out, "%s %s %s", separator, summary.Thousands(int(set.Exports[table].Items)), table)
	}
	fmt.Fprintln(c.Line.Out)
}

// Read shows how many items of a table have been read.
func (c *Console) Read(table dataset.Table, items int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if items <= c.read[table] {
		return // shown already, or reported late by another goroutine
	}
	c.read[table] = items
	done := int64(0)
	for _, n := range c.read {
		done += n
	}
	c.Line.Show(done == c.all, func() string {
		rate := float64(done) / max(c.Line.Clock().Sub(c.begun).Seconds(), 0.001)
		return fmt.Sprintf("%s of %s items (%d%%), %s a second", summary.Thousands(int(done)), summary.Thousands(int(c.all)),
			done*100/max(c.all, 1), summary.Thousands(int(rate)))
	})
}
