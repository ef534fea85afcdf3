package load

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"sync"
)

// rejects writes the rejects file. It is safe for concurrent use.
type rejects struct {
	mu      sync.Mutex
	out     *csv.Writer
	started bool
}

func newRejects(w io.Writer) *rejects {
	if w == nil {
		w = io.Discard
	}
	return &rejects{out: csv.NewWriter(w)}
}

// add writes the problems of the row that begins at a line. rejected says whether they reject the row.
func (r *rejects) add(line int, rejected bool, problems []problem) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.started {
		r.started = true
		if err := r.out.Write([]string{"line", "column", "reason"}); err != nil {
			return fmt.Errorf("write the rejects file: %w", err)
		}
	}
	for _, p := range problems {
		reason := p.reason
		if p.dropped && !rejected {
			reason += " (this cell is left out, the rest of the row is loaded)"
		}
		if err := r.out.Write([]string{strconv.Itoa(line), p.column, reason}); err != nil {
			return fmt.Errorf("write the rejects file: %w", err)
		}
	}
	return nil
}

func (r *rejects) any() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.started
}

func (r *rejects) flush() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Flush()
	if err := r.out.Error(); err != nil {
		return fmt.Errorf("write the rejects file: %w", err)
	}
	return nil
}
