// Command bench prints each figure of the service's speed beside its floor, and writes them to .local/bench.jsonl. It exits 1 if
// one is over what it may be.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"losttrn/internal/local/bench"
)

func main() {
	only := flag.String("only", "", "measure only what has this in its name, such as cold starts")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(only string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return bench.Run(ctx, bench.Options{Out: os.Stdout, File: ".local/bench.jsonl", Only: only,
		Progress: func(line string) { fmt.Fprintln(os.Stderr, line) }})
}
