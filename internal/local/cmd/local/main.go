// Command local runs the whole service on one machine, and acts on the one that runs; without arguments it prints its
// usage.
package main

import (
	"os"

	"losttrn/internal/local/command"
)

func main() {
	p := command.Program{Getenv: os.Getenv, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(p.Run(os.Args[1:]))
}
