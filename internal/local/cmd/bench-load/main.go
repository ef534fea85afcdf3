// Command bench-load measures the load function on a large extract, beside bare conditional writes of the same items,
// and exits with 1 if it does not keep its bounds.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"losttrn/internal/local"
	"losttrn/internal/local/loadrate"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "how many people the large extract has")
	rounds := flag.Int("rounds", 5, "how many small extracts are loaded before it, each beside bare writes of its items")
	flag.Parse()
	if err := run(*rows, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "FAILED", err)
		os.Exit(1)
	}
}

func run(rows, rounds int) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	project, err := local.FindProject()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return loadrate.Measure(ctx, loadrate.Options{Project: project, Dir: dir, Rows: rows, Rounds: rounds, Output: os.Stdout})
}
