// Command report makes the helpdesk's reports on an engineer's machine:
//
//	report -export FOLDER      from a downloaded export folder
//	report                     from the data of the local stack that runs in this folder
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"losttrn/internal/local/progress"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/summary"
)

func main() {
	if err := makeReport(); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func makeReport() error {
	report.LimitMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	export := flag.String("export", "", "a folder with downloaded exports; without it, the local stack is reported")
	from := flag.String("from", "", "first day of the lookups, YYYY-MM-DD (default: 31 days before the export)")
	to := flag.String("to", "", "last day of the lookups, YYYY-MM-DD (default: the day of the export)")
	stack := flag.String("stack", filepath.Join(".local", "stack.json"), "where the local stack says how it is reached")
	out := flag.String("out", filepath.Join(".local", "reports", "latest"), "the folder to write to; what is there is replaced")
	workers := flag.Int("workers", 0, "data files read side by side (default 4)")
	names := map[dataset.Table]string{}
	for _, table := range dataset.Tables {
		flag.Func("table-"+string(table), "name or ARN of the "+string(table)+" table, if it is not recognised", func(name string) error {
			names[table] = name
			return nil
		})
	}
	flag.Parse()
	days, err := dataset.ParseDays(*from, *to)
	if err != nil {
		return err
	}
	var made *report.Description
	if *export == "" {
		made, err = reportcmd.Stack{StateFile: *stack, Days: days, Out: *out, Clock: time.Now, Timeout: time.Minute,
			Say: func(line string) { fmt.Fprintln(os.Stderr, line) }}.Make(ctx)
	} else {
		line := progress.To(os.Stderr)
		made, err = reportcmd.Folder{Export: *export, Names: names, Days: days, Out: *out, Workers: *workers, Progress: &reportcmd.Console{Line: line}}.Make(ctx)
		line.End()
	}
	if err != nil {
		return err
	}
	printMade(made, *out)
	return nil
}

func printMade(made *report.Description, out string) {
	fmt.Printf("The report of %s to %s is in %s:\n", made.From, made.To, out)
	for _, file := range made.Files {
		if file.Rows != nil {
			fmt.Printf("  %-22s %s rows\n", file.Name, summary.Thousands(*file.Rows))
		} else {
			fmt.Printf("  %s\n", file.Name)
		}
	}
}
