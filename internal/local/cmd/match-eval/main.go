// Command match-eval measures matching on synthetic people and prints the tables, strict false before all else. It exits
// 1 if something that must hold does not, and 2 if it cannot run.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"losttrn/internal/local/matcheval"
)

func main() {
	people := flag.Int("people", 1000000, "people in each register")
	lookups := flag.Int("lookups", 100000, "lookups of each register, as many by each kind of person")
	seeds := flag.String("seeds", "1", "a register for each of these seeds, separated by commas; their counts are added")
	folder := flag.String("febrl", "", "folder of the FEBRL data sets dataset1.csv to dataset3.csv; none if blank")
	veto := flag.Bool("veto", false, "also try a trained score as a veto, on registers that it was not trained on; takes two seeds at least")
	commit := flag.String("commit", "", "write the counts to this file, to be held from then on")
	flag.Parse()

	var results []*matcheval.Result
	var options []matcheval.Options
	for _, text := range strings.Split(*seeds, ",") {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			fail(fmt.Errorf("seeds: %w", err))
		}
		o := matcheval.Options{People: *people, Lookups: *lookups, Seed: seed,
			Progress: func(what string) { fmt.Fprintf(os.Stderr, "seed %d: %s\n", seed, what) }}
		if err := o.Check(); err != nil {
			fail(err)
		}
		options = append(options, o)
		results = append(results, matcheval.Run(o))
	}
	result := matcheval.Sum(results)
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
	if *veto {
		matcheval.PrintVetoes(os.Stdout, matcheval.TryVeto(options))
	}
	if *commit != "" {
		if err := os.WriteFile(*commit, []byte(matcheval.CommittedText(results)), 0o644); err != nil {
			fail(err)
		}
		return
	}
	for _, failure := range failures {
		fmt.Println("FAILED:", failure)
	}
	if len(failures) > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "match-eval:", err)
	os.Exit(2)
}
