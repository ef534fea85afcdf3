// Package command implements the commands of the local stack: run it, and act on the one that runs in this folder.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: local COMMAND [FLAGS]

  run       run the whole service on this machine (PORT, LIMITS, SAM, WATCH and PARAMETERS in the environment)
  logs      follow the functions' logs: -id ID or reference of a lookup, request, message or run; -follow=false for what there is
  invoke    run a function once: -function NAME -event FILE
  redrive   move dead letters back to their queue: -queue matches|emails|reports
  switch    switch automatic unlocking: -state on|off
`

// Program holds the environment and the output streams that the commands use.
type Program struct {
	Getenv         func(string) string
	Stdout, Stderr io.Writer
}

// errUsage says that the arguments were wrong, and that the reason was printed already.
var errUsage = errors.New("usage")

// Run runs the command that the arguments name and returns the exit code: 0 done, 1 failed, 2 wrong arguments. It
// prints every failure in one sentence.
func (p Program) Run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	commands := map[string]func(context.Context, []string) error{
		"run": p.run, "logs": p.logs, "invoke": p.invoke, "redrive": p.redrive, "switch": p.setUnlocking,
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(p.Stderr, usage)
		return 2
	}
	err := commands[args[0]](ctx, args[1:])
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage), errors.Is(err, flag.ErrHelp):
		return 2
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.Stderr, "Interrupted.")
		return 1
	default:
		fmt.Fprintln(p.Stderr, "local:", err)
		return 1
	}
}

// flags makes the flags of a command.
func (p Program) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("local "+name, flag.ContinueOnError)
	f.SetOutput(p.Stderr)
	return f
}

// wanted is a required flag, with the message if it is missing.
type wanted struct {
	value *string
	how   string
}

// parse reads flags.
func parse(f *flag.FlagSet, args []string, all ...wanted) error {
	if err := f.Parse(args); err != nil {
		return errUsage
	}
	for _, w := range all {
		if *w.value == "" {
			fmt.Fprintln(f.Output(), w.how)
			return errUsage
		}
	}
	return nil
}
