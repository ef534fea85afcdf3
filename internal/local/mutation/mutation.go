// Package mutation breaks a package in small ways, one at a time, and names what none of its tests notices.
//
// The kinds of mutants, one place at a time:
//
//   - another operator; the opposite of a condition that is no comparison; break for continue
//   - a condition of an if or a case that never holds: a guard that does not return, an error that is passed over
//   - a statement left out: a call, an assignment, a send, a defer; a case of a switch left out
//   - nil returned instead of an error, whose making is called all the same; the opposite of a bool returned
//   - another part of a condition that DynamoDB judges
//
// All mutants are built into one program, and an environment variable selects one: a package needs one build, but for
// mutants outside functions. Each meets the quick tests first, and then the others by the time that they take, until one fails.
//
// Of the kept programs that do so, gremlins and go-mutesting build and run all tests of the package for every mutant, and
// change no condition that DynamoDB judges, on which most promises rest here.
package mutation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
)

// Options say what to break.
type Options struct {
	Root    string         // of the module
	Package string         // the package's folder within it
	Only    *regexp.Regexp // mutants, as they are printed; nil for all
	Workers int            // how many are judged at once
	Output  io.Writer
}

// Run judges every mutant, prints what became of them, and returns an error if one survived that is not explained, or an
// explanation is of none that survived.
func Run(ctx context.Context, o Options) error {
	root, err := filepath.Abs(o.Root)
	if err != nil {
		return err
	}
	mutants, err := Find(filepath.Join(root, o.Package))
	if err != nil {
		return err
	}
	if o.Only != nil {
		mutants = slices.DeleteFunc(mutants, func(m Mutant) bool { return !o.Only.MatchString(m.String()) })
	}
	reasons, err := readReasons(filepath.Join(root, o.Package, Reasons))
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	j, err := newJudge(ctx, root, o.Package, work, mutants)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Output, "%s: %d mutants", o.Package, len(mutants))
	for i, s := range j.stages {
		fmt.Fprintf(o.Output, "%s %d tests (%s)", [...]string{", each against", ", then"}[min(i, 1)], len(s.tests), s.usual)
	}
	fmt.Fprintln(o.Output)
	verdicts, err := judgeAll(ctx, j, mutants, o)
	return errors.Join(err, report(o, mutants, verdicts, reasons))
}

// judgeAll judges mutants, some at once, and prints each that survives or times out as soon as it does.
func judgeAll(ctx context.Context, j *judge, mutants []Mutant, o Options) ([]verdict, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	verdicts := make([]verdict, len(mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range max(o.Workers, 1) {
		workers.Go(func() {
			for i := range next {
				v, err := j.of(ctx, i, mutants[i])
				if err != nil {
					cancel(err)
				}
				verdicts[i] = v
				if v == survived || v == tooLong {
					mu.Lock()
					fmt.Fprintf(o.Output, "  %d of %d: %s: %s\n", i+1, len(mutants), v, mutants[i])
					mu.Unlock()
				}
			}
		})
	}
	for i := range mutants {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	return verdicts, context.Cause(ctx)
}

// report prints the counts, then each survivor without an explanation and each explanation without a survivor. It
// returns an error if there are any.
func report(o Options, mutants []Mutant, verdicts []verdict, reasons map[reasonKey]*reason) error {
	counts := map[verdict]int{}
	var unexplained []Mutant
	for i, m := range mutants {
		counts[verdicts[i]]++
		if v := verdicts[i]; v != survived && v != tooLong {
			continue
		}
		if r := reasons[reasonKey{m.File, m.To}]; r != nil {
			r.used = true // a mutant that costs no more than time hangs now and then
		} else if verdicts[i] == survived {
			unexplained = append(unexplained, m)
		}
	}
	notJudged := counts[""] // the command was stopped, or failed
	fmt.Fprintf(o.Output, "\n%s: %d survived unexplained, %d not judged, %d survived and explained, %d timed out, %d killed, %d mutants (%d more %s)\n", o.Package,
		len(unexplained), notJudged, counts[survived]-len(unexplained), counts[tooLong], counts[killed], len(mutants)-counts[noGo], counts[noGo], noGo)
	for _, m := range unexplained {
		fmt.Fprintf(o.Output, "\n%s:%d\n\t- %s\n\t+ %s\n", m.File, m.Line, m.From, m.To)
	}
	stale := 0
	for key, r := range reasons {
		if !r.used && o.Only == nil && notJudged == 0 {
			stale++
			fmt.Fprintf(o.Output, "\nexplained, but no mutant that survives: %s: %s\n", key.file, key.line)
		}
	}
	if len(unexplained)+stale > 0 {
		return fmt.Errorf("%s: %d mutants survived unexplained, %d explanations are of none", o.Package, len(unexplained), stale)
	}
	return nil
}
