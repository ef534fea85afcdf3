package matcheval

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// committedText holds the committed measurements: by kind, the number of lookups, and of them those found and strict
// false. Command match-eval rewrites it with -commit.
//
//go:embed committed.tsv
var committedText string

type committed struct{ lookups, found, strictFalse float64 }

var committedCounts = sync.OnceValue(func() map[string]committed {
	all := map[string]committed{}
	for line := range strings.Lines(committedText) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 4 {
			continue
		}
		var numbers [3]float64
		for i, cell := range cells[1:] {
			number, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				panic("committed.tsv: " + line)
			}
			numbers[i] = number
		}
		all[cells[0]] = committed{numbers[0], numbers[1], numbers[2]}
	}
	return all
})

// CommittedText returns the results of runs in the form of committed.tsv.
func CommittedText(results []*Result) string {
	w := new(strings.Builder)
	fmt.Fprintf(w, "# What was measured and is held, by kind: lookups, found, strict false. Written by match-eval -commit from %d registers of\n# %d people, seeds", len(results), results[0].Options.People)
	for _, r := range results {
		fmt.Fprintf(w, " %d", r.Options.Seed)
	}
	fmt.Fprintln(w, ".")
	for i := range results[0].Kinds {
		var sum Tally
		for _, r := range results {
			sum.add(r.Kinds[i].Tally[ours])
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", results[0].Kinds[i].Name, sum.Lookups(), sum[Right], sum[StrictFalse])
	}
	return w.String()
}

// atMost returns the most that chance makes of a count of which so many are expected: three standard deviations and three.
func atMost(expected float64) float64 { return expected + 3*math.Sqrt(expected) + 3 }

// atLeast returns the least that chance makes of it.
func atLeast(expected float64) float64 { return expected - 3*math.Sqrt(expected) - 3 }

// forbidden are the kinds of honest error of which "any three exact" finds more, by no more than the second table
// forbids: two NINOs that contradict each other outweigh name, date of birth and provider, and a brother's or sister's
// first name outweighs date of birth, email and provider. They are the cost of not confusing twins and namesakes.
var forbidden = map[string]bool{"NINO: two digits wrong": true, "NINO: another's on the register": true, "NINO: register has another": true,
	"another first name altogether": true}

// Failures returns the violated requirements: no kind of person with more strict false than is committed, nor all
// together; no kind found less than is committed; no kind of error found less than any three exact finds, but for those
// that are forbidden on purpose.
func (result *Result) Failures() []string {
	var failures []string
	fail := func(format string, values ...any) { failures = append(failures, fmt.Sprintf(format, values...)) }
	expected, got := 0.0, 0
	for i := range result.Kinds {
		k := &result.Kinds[i]
		t, held := &k.Tally[ours], committedCounts()[k.Name]
		n := float64(t.Lookups())
		if held.lookups == 0 {
			fail("%s: nothing is committed", k.Name)
			continue
		}
		most := n * held.strictFalse / held.lookups
		expected, got = expected+most, got+t[StrictFalse]
		if float64(t[StrictFalse]) > atMost(most) {
			fail("%s: %d strict false in %.0f lookups, at most %.0f are held to", k.Name, t[StrictFalse], n, atMost(most))
		}
		if least := atLeast(n * held.found / held.lookups); float64(t[Right]) < least {
			fail("%s: found %d of %.0f, at least %.0f are held to", k.Name, t[Right], n, least)
		}
		found := t[Right]
		if forbidden[k.Name] {
			for _, lookups := range k.Forbidden {
				found += lookups
			}
		}
		if exact := k.Tally[anyThree][Right]; k.Honest && found < exact {
			fail("%s: found %d of %.0f, any three exact %d", k.Name, t[Right], n, exact)
		}
	}
	if float64(got) > atMost(expected) {
		fail("%d strict false in all, at most %.0f are held to", got, atMost(expected))
	}
	return failures
}

// printStrict writes, before all else, who was sent a TRN that is not theirs, and by what evidence.
func (result *Result) printStrict(w io.Writer) {
	honest := result.total(ours, func(k *Kind) bool { return k.Honest })
	others := result.total(ours, func(k *Kind) bool { return !k.Honest })
	fmt.Fprintf(w, "STRICT FALSE: a TRN sent to a person whose record it is not, whatever the evidence said\n\n")
	fmt.Fprintf(w, "  %6d in %6d lookups by people of the register\n  %6d in %6d lookups by people who are not in it but resemble someone who is\n",
		honest[StrictFalse], honest.Lookups(), others[StrictFalse], others.Lookups())
	for column, name := range columnNames {
		_, wrong := result.atShares(column, "", 1)
		fmt.Fprintf(w, "  %8.1f in a million real lookups, at the shares below: %s\n", wrong, name)
	}
	fmt.Fprintf(w, "\n%-38s %7s %14s %10s   what agreed, was near and contradicted (ours, the three most frequent)\n", "kind", "lookups", "any 3 exact", "ours")
	for i := range result.Kinds {
		k := &result.Kinds[i]
		t := &k.Tally[ours]
		if t[StrictFalse] == 0 && k.Tally[anyThree][StrictFalse] == 0 {
			continue
		}
		fmt.Fprintf(w, "%-38s %7d %14d %10d", k.Name, t.Lookups(), k.Tally[anyThree][StrictFalse], t[StrictFalse])
		reasons := slices.SortedFunc(maps.Keys(k.How), func(a, b string) int { return cmp.Or(k.How[b]-k.How[a], strings.Compare(a, b)) })
		for i, reason := range reasons[:min(3, len(reasons))] {
			if i > 0 {
				fmt.Fprintf(w, "\n%72s", "")
			}
			fmt.Fprintf(w, "   %d × %s", k.How[reason], reason)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

// printForbidden writes the cost of the second table: the people whom "any three exact" finds, and whose own record the
// table forbids, by kind.
func (result *Result) printForbidden(w io.Writer) {
	fmt.Fprintf(w, "Forced by the second table: people whom any three exact finds and ours does not, by the line that forbids their own record\n\n")
	fmt.Fprintf(w, "%-38s %7s %14s %10s   lines\n", "kind", "lookups", "any 3 exact", "ours")
	for i := range result.Kinds {
		k := &result.Kinds[i]
		if len(k.Forbidden) == 0 {
			continue
		}
		fmt.Fprintf(w, "%-38s %7d %14d %10d", k.Name, k.Tally[ours].Lookups(), k.Tally[anyThree][Right], k.Tally[ours][Right])
		for _, line := range slices.Sorted(maps.Keys(k.Forbidden)) {
			fmt.Fprintf(w, "   %d × %s", k.Forbidden[line], line)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

// printHow writes strict false of all kinds of before by what agreed, was near and contradicted.
func (result *Result) printHow(w io.Writer) {
	all, sum := map[string]int{}, 0
	for i := range result.Kinds {
		if k := &result.Kinds[i]; k.Before {
			for reason, n := range k.How {
				all[reason] += n
				sum += n
			}
		}
	}
	fmt.Fprintf(w, "Strict false of ours, the kinds of before, by what agreed, was near and contradicted: %d\n\n", sum)
	for _, reason := range slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(all[b]-all[a], strings.Compare(a, b)) }) {
		fmt.Fprintf(w, "%7d   %s\n", all[reason], reason)
	}
	fmt.Fprintln(w)
}
