package matcheval

import (
	"fmt"
	"io"
	"time"
)

var columnNames = [columns]string{anyThree: "any three exact", ours: "ours"}

// Print writes the tables of a result.
func (result *Result) Print(w io.Writer) {
	o := result.Options
	result.printStrict(w)
	result.printHow(w)
	result.printForbidden(w)
	fmt.Fprintf(w, "Matching on registers of %d synthetic people, %d kinds of person, seeds %v, in %s\n\n", o.People, len(result.Kinds), result.Seeds, result.Took.Round(time.Second))
	result.printTotals(w)
	result.printKinds(w, "People of the register, by kind of error", true)
	result.printKinds(w, "People who are not in the register, by whom they resemble", false)
	result.printShares(w)
	result.printCapacity(w)
}

func (result *Result) printTotals(w io.Writer) {
	fmt.Fprintf(w, "%-18s %24s %24s %24s %12s\n", "as many of each", "found, the kinds of", "found, all kinds,", "strict false, the kinds", "deciding,")
	fmt.Fprintf(w, "%-18s %24s %24s %24s %12s\n", "kind", "before, 95 % interval", "95 % interval", "of before / all", "median")
	for column, name := range columnNames {
		before := result.total(column, func(k *Kind) bool { return k.Honest && k.Before })
		all := result.total(column, func(k *Kind) bool { return k.Honest })
		wrongBefore := result.total(column, func(k *Kind) bool { return k.Before })
		wrong := result.total(column, func(*Kind) bool { return true })
		fmt.Fprintf(w, "%-18s %24s %24s %24s %12s\n", name, share95(before[Right], before.Lookups()), share95(all[Right], all.Lookups()),
			fmt.Sprintf("%d / %d", wrongBefore[StrictFalse], wrong[StrictFalse]), result.Spent[column].Round(100*time.Nanosecond))
	}
	fmt.Fprintf(w, "Reading a lookup's records took %s (median).\n\n", result.Reading.Round(100*time.Nanosecond))
}

func (result *Result) printKinds(w io.Writer, title string, honest bool) {
	fmt.Fprintf(w, "%s: found with 95 %% interval, strict false, to helpdesk, not found\n\n%-38s %7s", title, "kind", "lookups")
	for _, name := range columnNames {
		fmt.Fprintf(w, " | %-41s", name)
	}
	fmt.Fprintln(w)
	for i := range result.Kinds {
		k := &result.Kinds[i]
		if k.Honest != honest {
			continue
		}
		fmt.Fprintf(w, "%-38s %7d", k.Name, k.Tally[ours].Lookups())
		for column := range columns {
			t := &k.Tally[column]
			fmt.Fprintf(w, " | %20s %6d %6d %6d", share95(t[Right], t.Lookups()), t[StrictFalse], t[Helpdesk], t[Missed])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

func share95(hits, n int) string {
	low, high := wilson(hits, n)
	return fmt.Sprintf("%5.1f %% (%.1f–%.1f)", percent(hits, n), 100*low, 100*high)
}

func percent(hits, n int) float64 { return 100 * float64(hits) / float64(max(1, n)) }

func (result *Result) printCapacity(w io.Writer) {
	fmt.Fprintf(w, "Read capacity units per lookup (eventually consistent, by key only)\n%-22s %9s %9s %9s %9s %9s %14s\n", "people in register", "birthday", "NINO", "email", "TRN", "in all", "records read")
	for _, row := range []struct {
		people int
		c      Capacity
	}{{result.SmallPeople, result.Small}, {result.Options.People, result.Whole}} {
		c := row.c
		fmt.Fprintf(w, "%-22d %9.2f %9.2f %9.2f %9.2f %9.2f %14.1f\n", row.people, c.DateOfBirth, c.NINO, c.Email, c.TRN, c.Total(), c.Candidates)
	}
	fmt.Fprintln(w)
}
