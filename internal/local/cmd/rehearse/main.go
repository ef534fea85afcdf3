// Command rehearse runs the steps of the README's first deployment that need no AWS account.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"losttrn/internal/local"
	"losttrn/internal/local/rehearse"
)

func main() {
	tools := flag.String("tools", ".build/venv/bin", "the folder of sam and python")
	flag.Parse()
	if err := run(*tools); err != nil {
		fmt.Fprintln(os.Stderr, "FAILED", err)
		os.Exit(1)
	}
}

func run(tools string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	project, err := local.FindProject()
	if err != nil {
		return err
	}
	if tools, err = filepath.Abs(tools); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rehearse")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &rehearse.Rehearsal{Project: project, Tools: tools, Dir: dir, Output: os.Stdout}
	if err := r.Run(ctx); err != nil {
		return err
	}
	fmt.Println("What needs an account, or a person, is in the README: sam deploy, the secrets' values, GOV.UK Notify, the topic's subscribers.")
	return nil
}
