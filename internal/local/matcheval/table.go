package matcheval

import (
	"fmt"
	"io"
	"slices"
	"time"

	"losttrn/internal/matching"
)

// Print writes the tables of a result and what follows from them.
func (result *Result) Print(w io.Writer) {
	o := result.Options
	fmt.Fprintf(w, "Matching on a register of %d synthetic people, %d lookups, seed %d, in %s\n\n", o.People, o.Lookups, o.Seed, result.Took.Round(time.Second))
	fmt.Fprintf(w, "%s\n\n", PointsDefinition)
	result.printTotals(w)
	result.printFound(w)
	result.printImpostors(w)
	result.printCapacity(w)
	result.printConclusion(w)
}

func (result *Result) printTotals(w io.Writer) {
	fmt.Fprintf(w, "%-18s %24s %14s %14s %9s %9s %12s\n", "all lookups", "found, 95 % interval", "false matches", "misled by the", "to help-", "not", "deciding,")
	fmt.Fprintf(w, "%-18s %24s %14s %14s %9s %9s %12s\n", "", "(people in register)", "", "evidence", "desk", "found", "median")
	for i := range result.Columns {
		c := &result.Columns[i]
		both := c.Both()
		fmt.Fprintf(w, "%-18s %24s %14d %14d %9d %9d %12s\n", c.Name, share95(c.All[Right], c.All.Lookups()), both[Wrong], both[Misled], both[Helpdesk], both[Missed],
			c.Spent.Round(100*time.Nanosecond))
	}
	fmt.Fprintf(w, "As written: any National Insurance number that differs speaks against. Ours: but for one that differs by a slip. Reading a lookup's records took %s (median).\n",
		result.Reading.Round(100*time.Nanosecond))
	ours := result.Columns[ColumnOurs].Both()
	_, high := wilson(ours[Wrong], ours.Lookups())
	fmt.Fprintf(w, "Ours: %d false matches in %d lookups; with 95 %% certainty fewer than %.2f in ten thousand.\n", ours[Wrong], ours.Lookups(), high*10000)
	s := result.Trials[0].Strangers
	fmt.Fprintf(w, "Further %d lookups by people who are not in the register, ours: %d false matches, %d misled by the evidence, %d to helpdesk, %d not found.\n\n",
		s.Lookups(), s[Wrong], s[Misled], s[Helpdesk], s[Missed])
}

// Both is the tally of all lookups.
func (c *Column) Both() Tally {
	sum := c.All
	for v, n := range c.Strange {
		sum[v] += n
	}
	return sum
}

func share95(hits, n int) string {
	low, high := wilson(hits, n)
	return fmt.Sprintf("%5.1f %% (%.1f–%.1f)", percent(hits, n), 100*low, 100*high)
}

func percent(hits, n int) float64 { return 100 * float64(hits) / float64(max(1, n)) }

func (result *Result) printFound(w io.Writer) {
	fmt.Fprintf(w, "Found by kind of error, of the people who are in the register; *: a kind that a person would forgive.\nIn each cell: found with 95 %% interval, then false matches + misled, to helpdesk, not found.\n\n")
	fmt.Fprintf(w, "%-33s %6s", "kind of error", "n")
	for i := range result.Columns {
		fmt.Fprintf(w, " | %-37s", result.Columns[i].Name)
	}
	fmt.Fprintln(w)
	for _, kind := range errorKinds {
		name := kind.name
		if kind.forgivable {
			name += " *"
		}
		result.printRow(w, name, kind.name)
	}
	fmt.Fprintln(w)
}

func (result *Result) printRow(w io.Writer, label, kind string) {
	for i := range result.Columns {
		t := result.Columns[i].Kinds[kind]
		if t == nil {
			return
		}
		if i == 0 {
			fmt.Fprintf(w, "%-33s %6d", label, t.Lookups())
		}
		fmt.Fprintf(w, " | %20s %2d+%-2d %4d %5d", share95(t[Right], t.Lookups()), t[Wrong], t[Misled], t[Helpdesk], t[Missed])
	}
	fmt.Fprintln(w)
}

func (result *Result) printImpostors(w io.Writer) {
	fmt.Fprintf(w, "People who are not in the register but resemble someone who is: false matches + misled by the evidence, to helpdesk, not found.\n\n")
	fmt.Fprintf(w, "%-33s %6s", "kind of resemblance", "n")
	for i := range result.Columns {
		fmt.Fprintf(w, " | %-18s", result.Columns[i].Name)
	}
	fmt.Fprintln(w)
	for _, kind := range impostorKinds {
		for i := range result.Columns {
			t := result.Columns[i].Kinds[kind.name]
			if t == nil {
				continue
			}
			if i == 0 {
				fmt.Fprintf(w, "%-33s %6d", kind.name, t.Lookups())
			}
			fmt.Fprintf(w, " | %3d+%-3d %4d %5d", t[Wrong], t[Misled], t[Helpdesk], t[Missed])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

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

// PrintFalseMatches writes what was given and what was found for the first few false matches of ours. All are
// synthetic people.
func (result *Result) PrintFalseMatches(w io.Writer, atMost int) {
	var all []FalseMatch
	for _, t := range slices.Concat(result.Trials, result.Further) {
		all = append(all, t.FalseMatches...)
	}
	for i, f := range all {
		if i == atMost {
			fmt.Fprintf(w, "and %d more\n", len(all)-i)
			return
		}
		p, r := &f.Lookup.Given, &f.Record
		fmt.Fprintf(w, "%s: %q %q (before: %q %q) %s %s, found %q %q (before: %v) %s %s, agreed on %v\n", f.Lookup.Kind, p.First, p.Last, p.PreviousFirst, p.PreviousLast,
			p.DateOfBirth, p.NINO.Normalised(), r.Name.First, r.Name.Last, r.PreviousNames, r.DateOfBirth, r.NINO.Normalised(), matching.Explain(*p, *r).Agreed)
	}
}
