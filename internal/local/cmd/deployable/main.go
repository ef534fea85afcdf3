// Command deployable checks that `sam build` built for the processor architecture that the functions run on.
package main

import (
	"flag"
	"fmt"
	"os"

	"losttrn/internal/local/translated"
)

func main() {
	architecture := flag.String("architecture", "arm64", "the parameter Architecture of the deployment")
	flag.Parse()
	n, err := translated.CheckBuild(flag.Arg(0), *architecture)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d functions are built for %s.\n", n, *architecture)
}
