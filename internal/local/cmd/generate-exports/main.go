// Command generate-exports writes an export folder of invented items, to try or measure the reports with:
//
//	go run ./internal/local/cmd/generate-exports -items 1000000 -dir /tmp/export
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"losttrn/internal/local/exportgen"
)

func main() {
	dir := flag.String("dir", "", "the folder to write to")
	items := flag.Int("items", 10_000, "items in all three tables together")
	days := flag.Int("days", 60, "days since the first lookup")
	files := flag.Int("files", 4, "data files of each table")
	seed := flag.Uint64("seed", 1, "the same seed and moment give the same items")
	at := flag.String("at", time.Now().UTC().Format(time.RFC3339), "the moment exported")
	flag.Parse()
	moment, err := time.Parse(time.RFC3339, *at)
	if err == nil && *dir == "" {
		err = fmt.Errorf("say with -dir where to write")
	}
	if err == nil {
		err = exportgen.Service{Seed: *seed, Items: *items, Days: *days, Files: *files, At: moment}.Write(*dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
