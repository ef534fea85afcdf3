// Command match-eval measures matching on synthetic people and prints the tables. It exits 1 if something that must
// hold does not, such as a false match, and 2 if it cannot run.
package main

import (
	"flag"
	"fmt"
	"os"

	"losttrn/internal/local/matcheval"
)

func main() {
	var o matcheval.Options
	flag.IntVar(&o.People, "people", 1000000, "people in the register")
	flag.IntVar(&o.Lookups, "lookups", 50000, "lookups, a fifth of them by people who are not in the register")
	flag.Uint64Var(&o.Seed, "seed", 1, "seed of all that is drawn")
	folder := flag.String("febrl", "", "folder of the FEBRL data sets dataset1.csv to dataset3.csv; none if blank")
	flag.Parse()
	if err := o.Check(); err != nil {
		fail(err)
	}
	o.Progress = func(what string) { fmt.Fprintln(os.Stderr, what) }

	result := matcheval.Run(o)
	result.Print(os.Stdout)
	failures := result.Failures()
	if *folder != "" {
		sets, err := matcheval.RunFEBRL(*folder)
		if err != nil {
			fail(err)
		}
		matcheval.PrintFEBRL(os.Stdout, sets)
		failures = append(failures, matcheval.FEBRLFailures(sets)...)
	}
	for _, failure := range failures {
		fmt.Println("FAILED:", failure)
	}
	if len(failures) > 0 {
		result.PrintFalseMatches(os.Stdout, 20)
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "match-eval:", err)
	os.Exit(2)
}
