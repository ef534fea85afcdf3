// Package bench measures the service's speed beside its floors: the least time that a Go program with the same clients
// takes. Service and floor are measured in turn in one run, so that a temporarily slow machine slows both.
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Row is one figure with its floor.
type Row struct {
	Name  string  `json:"name"`
	Ours  float64 `json:"ours"`
	Floor float64 `json:"floor"` // 0: the figure has none
	Ratio float64 `json:"ratio"` // the figure divided by the floor; for figures a second the inverse
	Unit  string  `json:"unit"`
	How   string  `json:"how"` // how the floor was made
	// Most bounds the ratio, and MostOurs the figure; 0 means no bound.
	Most     float64 `json:"most,omitempty"`
	MostOurs float64 `json:"mostOurs,omitempty"`
}

// Over reports whether a figure exceeds a bound.
func (r Row) Over() bool {
	return r.Most > 0 && r.Ratio > r.Most || r.MostOurs > 0 && r.Ours > r.MostOurs
}

// row returns a row for a figure of which less is better.
func row(name string, ours, floor float64, unit, how string, most float64) Row {
	r := Row{Name: name, Ours: ours, Floor: floor, Unit: unit, How: how, Most: most}
	if floor > 0 {
		r.Ratio = ours / floor
	}
	return r
}

// Options are what to measure and where to write the figures.
type Options struct {
	Out      io.Writer    // the table
	Progress func(string) // what is being measured
	File     string       // one JSON object a line
	Only     string       // what to measure, a part of its name; blank: everything
}

// ErrOver says that a figure exceeds its bound.
var ErrOver = errors.New("over what it may be")

// Run measures everything and prints one table, figures over their bounds first. The error wraps ErrOver if there are
// any.
func Run(ctx context.Context, o Options) (err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.Progress("Starting servers, building functions and floors, loading a register…")
	w, err := newWorkbench(ctx, dir)
	if err != nil {
		return err
	}
	defer w.close()
	var rows []Row
	for _, m := range []struct {
		what    string
		measure func(context.Context, *workbench) ([]Row, error)
	}{
		{"cold starts", coldStarts}, {"cold answers", coldAnswers}, {"package initialisation", initialisation}, {"first answers over TLS", firstAnswers},
		{"warm lookups and unlocks", warm}, {"processor time and allocations", stubbed}, {"pages", pages},
		{"matching, loading, reports", goBenchmarks}, {"memory settings", memorySettings},
		{"memory settings of what nobody waits for", memorySettingsOfOthers},
	} {
		if !strings.Contains(m.what, o.Only) {
			continue
		}
		began := time.Now()
		more, err := m.measure(ctx, w)
		if err != nil {
			return fmt.Errorf("%s: %w", m.what, err)
		}
		o.Progress(fmt.Sprintf("Measured %s in %.0f s.", m.what, time.Since(began).Seconds()))
		rows = append(rows, more...)
	}
	if len(rows) == 0 {
		return fmt.Errorf("nothing that is measured is called %q", o.Only)
	}
	if err := write(o.File, rows); err != nil {
		return err
	}
	return print(o.Out, rows)
}

func write(file string, rows []Row) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(f)
	for _, r := range rows {
		if err := encoder.Encode(r); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

// print writes the table, figures over their bounds first.
func print(out io.Writer, rows []Row) error {
	over := 0
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Row) int {
		return compare(b.Over()) - compare(a.Over())
	})
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\twhat\tours\tfloor\tratio\tat most\tunit\tfloor made by")
	for _, r := range rows {
		mark, floor, ratio, most := "", "–", "–", ""
		if r.Floor > 0 {
			floor, ratio = figure(r.Floor), fmt.Sprintf("%.2f", r.Ratio)
		}
		switch {
		case r.Most > 0:
			most = fmt.Sprintf("%.2f ×", r.Most)
		case r.MostOurs > 0:
			most = figure(r.MostOurs)
		}
		if r.Over() {
			mark = "OVER"
			over++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", mark, r.Name, figure(r.Ours), floor, ratio, most, r.Unit, r.How)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if over > 0 {
		return fmt.Errorf("%d of %d figures: %w", over, len(rows), ErrOver)
	}
	return nil
}

func compare(b bool) int {
	if b {
		return 1
	}
	return 0
}

// figure writes three digits that matter.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// median returns the middle of several times.
func median(times []time.Duration) time.Duration {
	times = slices.Sorted(slices.Values(times))
	return times[len(times)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
