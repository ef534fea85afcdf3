// Command load loads a CSV extract of the register into the `teachers` table; `load -help` prints its usage.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"losttrn/internal/local/loadcmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := loadcmd.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
