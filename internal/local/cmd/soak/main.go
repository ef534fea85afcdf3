// Command soak holds a rate of mixed requests against a stack of its own, and accounts for every one of them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"losttrn/internal/local/soak"
)

func main() {
	minutes := flag.Float64("minutes", 10, "how long")
	rate := flag.Float64("rate", 3, "visits a second")
	spike := flag.Float64("spike", 50, "by how much the rate rises in the middle")
	spikeTime := flag.Duration("spike-time", 10*time.Second, "for how long")
	seed := flag.Uint64("seed", 1, "draws who comes when")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, soak.Options{Rate: *rate, Duration: time.Duration(*minutes * float64(time.Minute)), Spike: *spike, SpikeTime: *spikeTime,
		Seed: *seed, Output: os.Stdout})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o soak.Options) (err error) {
	if o.Dir, err = os.MkdirTemp("", "soak"); err != nil {
		return err
	}
	defer os.RemoveAll(o.Dir)
	return soak.Run(ctx, o)
}
