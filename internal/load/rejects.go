package load

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// rejects writes the rejects file.
type rejects struct {
	out     *csv.Writer
	started bool
}

func newRejects(w io.Writer) *rejects {
	if w == nil {
		w = io.Discard
	}
	return &rejects{out: csv.NewWriter(w)}
}

// add writes what is wrong with the row that begins at a line.
func (r *rejects) add(line int, problems []problem) error {
	if !r.started {
		r.started = true
		if err := r.out.Write([]string{"line", "column", "reason"}); err != nil {
			return fmt.Errorf("write the rejects file: %w", err)
		}
	}
	for _, p := range problems {
		if err := r.out.Write([]string{strconv.Itoa(line), p.column, p.reason}); err != nil {
			return fmt.Errorf("write the rejects file: %w", err)
		}
	}
	return nil
}

func (r *rejects) flush() error {
	r.out.Flush()
	if err := r.out.Error(); err != nil {
		return fmt.Errorf("write the rejects file: %w", err)
	}
	return nil
}
