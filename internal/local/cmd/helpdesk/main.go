// Command helpdesk finds, marks and erases what the service holds about a person; without arguments it prints its
// usage.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"losttrn/internal/local/helpdeskcmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := helpdeskcmd.Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Clock: time.Now, StateFile: ".local/stack.json"}
	code := p.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
