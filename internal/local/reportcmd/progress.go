package reportcmd

import (
	"fmt"
	"io"
	"sync"
	"time"

	"losttrn/internal/report/dataset"
	"losttrn/internal/report/summary"
	"losttrn/internal/teacher"
)

// Console shows progress: on a terminal in one line that is written over, elsewhere a line for each table.
type Console struct {
	To       io.Writer
	Terminal bool
	Clock    func() time.Time

	mu     sync.Mutex
	begun  time.Time
	read   map[dataset.Table]int64
	all    int64
	drawn  time.Time
	pegged bool // a line stands there to be written over
}

// redraw is how often the line is written over at most.
const redraw = 100 * time.Millisecond

// Found tells what is going to be read.
func (c *Console) Found(set *dataset.Set) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun, c.all, c.read = c.Clock(), set.Items(), map[dataset.Table]int64{}
	fmt.Fprintf(c.To, "Reading the tables as they were at %s (London):", set.Time.In(teacher.London).Format("2006-01-02 15:04:05"))
	for i, table := range dataset.Tables {
		separator := ","
		if i == 0 {
			separator = ""
		}
		fmt.Fprintf(c.To, "%s %s %s", separator, summary.Thousands(int(set.Exports[table].Items)), table)
	}
	fmt.Fprintln(c.To)
}

// Read tells how many items of a table have been read.
func (c *Console) Read(table dataset.Table, items, of int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.read[table]; ok && items <= before {
		return // told already, or by a goroutine that came late
	}
	c.read[table] = items
	now := c.Clock()
	if !c.Terminal {
		if items == of {
			fmt.Fprintf(c.To, "%s: %s items\n", table, summary.Thousands(int(items)))
		}
		return
	}
	done := int64(0)
	for _, n := range c.read {
		done += n
	}
	if now.Sub(c.drawn) < redraw && done < c.all {
		return
	}
	c.drawn, c.pegged = now, true
	rate := float64(done) / max(now.Sub(c.begun).Seconds(), 0.001)
	fmt.Fprintf(c.To, "\r\x1b[K%s of %s items (%d%%), %s a second", summary.Thousands(int(done)), summary.Thousands(int(c.all)),
		done*100/max(c.all, 1), summary.Thousands(int(rate)))
}

// Done ends the line.
func (c *Console) Done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pegged {
		fmt.Fprintln(c.To)
		c.pegged = false
	}
}
