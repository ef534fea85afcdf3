// Command honest measures what the rule against guessing does to people who do not guess. It exits 1 if more than one
// lookup in 10,000 finds nothing that would have been found without the rule. With -attacked it measures the effect of
// an attack on others, without a bound.
package main

import (
	"flag"
	"fmt"
	"os"

	"losttrn/internal/local/matcheval"
)

func main() {
	people := flag.Int("people", 1000000, "people in the register")
	lookups := flag.Int("lookups", 100000, "lookups a day")
	days := flag.Int("days", 1, "days, one after the other")
	seed := flag.Uint64("seed", 1, "seed of the register and the lookups")
	attacked := flag.String("attacked", "", "a first name beside which somebody tried values on every birthday before")
	flag.Parse()
	h := matcheval.RunHonest(matcheval.Options{People: *people, Lookups: *lookups, Seed: *seed,
		Progress: func(what string) { fmt.Fprintln(os.Stderr, what) }}, *days, *attacked)
	h.Print(os.Stdout)
	if *attacked == "" && h.Lost*10_000 > h.Lookups {
		fmt.Println("FAILED: more than one in 10,000")
		os.Exit(1)
	}
}
