// Command mutate breaks a package in small ways and names what none of its tests notices.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"losttrn/internal/local/mutation"
)

func main() {
	folder := flag.String("package", "", "the package's folder")
	only := flag.String("only", "", "judge those mutants only that match this pattern, as they are printed: file:line: changed line")
	workers := flag.Int("workers", 2, "how many are judged at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *folder, *only, *workers)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder, only string, workers int) error {
	o := mutation.Options{Root: ".", Package: folder, Workers: workers, Output: os.Stdout}
	if only != "" {
		var err error
		if o.Only, err = regexp.Compile(only); err != nil {
			return err
		}
	}
	return mutation.Run(ctx, o)
}
