package bench

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"losttrn/internal/local/costs"
)

// goBenchmarks runs the benchmarks that stand beside the code that they measure, each of which has its floor in itself.
func goBenchmarks(ctx context.Context, w *workbench) ([]Row, error) {
	var rows []Row
	for _, b := range []struct {
		pkg, name, count string
		row              func(figures map[string]float64) Row
	}{
		{"./internal/matching", "Decide200/ascii$", "1s", func(f map[string]float64) Row {
			r := row("matching: 200 candidates", f["ns/op"]/1000, f["floor-µs"], "µs", "comparing one text of each candidate", 0)
			r.MostOurs = 200
			return r
		}},
		{"./internal/matching", "Decide200/ascii$", "1s", func(f map[string]float64) Row {
			r := row("matching: allocations a candidate", f["allocs/candidate"], 0, "", "", 0)
			r.MostOurs = 0.1
			return r
		}},
		{"./internal/load", "Load$", "3x", func(f map[string]float64) Row {
			return Row{Name: "load: new rows", Ours: f["new-rows/s"], Floor: f["bare-rows/s"], Ratio: f["new/bare-time"], Unit: "a second", How: "the same records put by BatchWriteItem, unconditionally"}
		}},
		{"./internal/report", "Report/1000000$", "1x", func(f map[string]float64) Row {
			return Row{Name: "report: a million items", Ours: f["MB/s"], Floor: f["gunzip-MB/s"], Ratio: f["gunzips"], Unit: "MB a second", How: "gunzip of the same files", Most: 5}
		}},
		{"./internal/report", "Report/1000000$", "1x", func(f map[string]float64) Row {
			r := row("report: memory at a million items", f["peak-MiB"], 0, "MiB", "", 0)
			r.MostOurs = 256
			return r
		}},
		{"./internal/report", "Report/1000000$", "1x", func(f map[string]float64) Row {
			r := row("report: files at a million items", f["disk-MiB"], 0, "MiB", "", 0)
			r.MostOurs = costs.ReportFilesMB
			return r
		}},
		{"./internal/report", "Report/1000000$", "1x", func(f map[string]float64) Row {
			r := row("report: processor time of a million items", f["cpu-s"], 0, "s", "", 0)
			r.MostOurs = costs.ReportProcessorSeconds
			return r
		}},
	} {
		figures, err := w.goBenchmark(ctx, b.pkg, b.name, b.count)
		if err != nil {
			return nil, err
		}
		rows = append(rows, b.row(figures))
	}
	var birthday [2]float64
	for i, name := range []string{"Birthday/^20000$", "Birthday/^20$"} {
		figures, err := w.goBenchmark(ctx, "./internal/register", name, "3x")
		if err != nil {
			return nil, err
		}
		birthday[i] = figures["ms/lookup"]
	}
	return append(rows, row("candidates: born on a day with 20,000 others", birthday[0], birthday[1], "ms", "a day with 20", 0)), nil
}

// goBenchmark runs a benchmark once, however often it is asked for, and returns its figures by unit.
func (w *workbench) goBenchmark(ctx context.Context, pkg, name, count string) (map[string]float64, error) {
	key := pkg + " " + name
	if figures, ok := w.benchmarks[key]; ok {
		return figures, nil
	}
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", name, "-benchtime", count, pkg)
	command.Dir = string(w.project)
	out, err := command.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", key, err, out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		figures := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if figures[fields[i+1]], err = strconv.ParseFloat(fields[i], 64); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		}
		w.benchmarks[key] = figures
		return figures, nil
	}
	return nil, errors.New(key + " printed no figures")
}
