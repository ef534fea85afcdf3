// Command sample prints a synthetic register of teachers as CSV.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"

	"losttrn/internal/local/sample"
)

func main() {
	options := sample.Default
	flag.Uint64Var(&options.Seed, "seed", options.Seed, "the same seed gives the same register")
	flag.IntVar(&options.Count, "count", options.Count, "how many teachers")
	flag.IntVar(&options.FirstTRN, "first-trn", options.FirstTRN, "TRN of the first; the others follow")
	flag.Parse()
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	err := sample.Write(out, options)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sample:", err)
		os.Exit(1)
	}
}
