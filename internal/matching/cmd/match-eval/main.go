// Command match-eval measures matching on synthetic people and prints the tables. It exits 1 if something that must
// hold does not, such as a false match.
package main

import (
	"flag"
	"fmt"
	"os"

	"losttrn/internal/matching/evaluate"
)

func main() {
	var o evaluate.Options
	flag.IntVar(&o.People, "people", 1000000, "people in the register")
	flag.IntVar(&o.Lookups, "lookups", 50000, "lookups, a fifth of them by people who are not in the register")
	flag.Uint64Var(&o.Seed, "seed", 1, "seed of all that is drawn")
	flag.Parse()
	o.Progress = func(what string) { fmt.Fprintln(os.Stderr, what) }

	result := evaluate.Run(o)
	result.Print(os.Stdout)
	failures := result.Failures()
	for _, failure := range failures {
		fmt.Println("FAILED:", failure)
	}
	if len(failures) > 0 {
		os.Exit(1)
	}
}
