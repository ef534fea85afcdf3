package matcheval

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// printConclusion says, from this run, what the steps beyond plain agreement are worth, and whether the score earns
// a place in the rule.
func (result *Result) printConclusion(w io.Writer) {
	ours, written := &result.Columns[ColumnOurs], &result.Columns[ColumnWritten]
	o, s := ours.Both(), written.Both()
	fmt.Fprintf(w, "Forgiving a slip in a National Insurance number finds %d people more than the rule as written, adds %d false matches and lets %d more be misled.\n\n",
		ours.All[Right]-written.All[Right], o[Wrong]-s[Wrong], o[Misled]-s[Misled])
	result.printTrials(w)
	fmt.Fprintf(w, "%s\n", result.Conclusion())
}

func (result *Result) printTrials(w io.Writer) {
	fmt.Fprintf(w, `What the Fellegi–Sunter score adds where ours finds nothing, by how many bits its threshold stands above the best wrong
record of its training: people found more, then false matches + misled by the evidence. Judged on the register above and
the one that the score was trained on, each with what was learnt from the other; then on %d further registers, each with
what was learnt from another of its half. The first two have %d lookups each, the further ones %d, and all as many again
by people who are not in them. Nearest wrong: by how many bits it stands below the threshold as trained, to which each
margin adds its own; below zero, it was let through.

`, len(result.Further), result.Options.Lookups, result.Options.furtherLookups())
	fmt.Fprintf(w, "%-24s %14s %14s", "people in register", "ours: false", "nearest wrong,")
	for _, bits := range marginsTried {
		if bits == 0 {
			fmt.Fprintf(w, " | %15s", "as trained")
		} else {
			fmt.Fprintf(w, " | %10.0f bits", bits)
		}
	}
	fmt.Fprintf(w, "\n%-24s %14s %14s\n", "", "match + misled", "bits")
	for i := range result.Trials {
		printTrials(w, fmt.Sprint(result.Trials[i].People), result.Trials[i:i+1])
	}
	for i := range result.Further {
		half := "choosing"
		if i >= len(result.Further)/2 {
			half = "judging"
		}
		printTrials(w, fmt.Sprintf("%d, %s half", result.Further[i].People, half), result.Further[i:i+1])
	}
	printTrials(w, "further, together", result.Further)
	everywhere := slices.Concat(result.Trials, result.Further)
	printTrials(w, "all, together", everywhere)
	sum, _ := together(everywhere)
	fmt.Fprintf(w, "%-54s", "registers on which it adds a false match")
	for _, m := range sum {
		fmt.Fprintf(w, " | %15s", fmt.Sprintf("%d of %d", m.Spoilt, len(everywhere)))
	}
	fmt.Fprint(w, "\n\n")
}

func printTrials(w io.Writer, label string, trials []Trial) {
	sum, ours := together(trials)
	nearest := "none"
	if !math.IsInf(sum[0].Headroom, 0) {
		nearest = fmt.Sprintf("%.1f", sum[0].Headroom)
	}
	fmt.Fprintf(w, "%-24s %14s %14s", label, fmt.Sprintf("%d+%d", ours[Wrong], ours[Misled]), nearest)
	for _, m := range sum {
		fmt.Fprintf(w, " | %7d %3d+%-3d", m.Found, m.Wrong, m.Misled)
	}
	fmt.Fprintln(w)
}

// enoughPeople must be in the register before a run may change the rule. To keep the rule as it is, fewer will do.
const enoughPeople = 1000000

// Conclusion says, from this run, whether the score earns a place in the rule, and why. It does if, with the threshold
// it was trained to, it finds people and adds no false match, misled or not, on any of the registers. Otherwise a
// higher threshold may earn it that, but not one picked by the registers that it is judged on: half of the further
// ones choose it, all the others judge it, and there it must find more people than the share found is uncertain by.
func (result *Result) Conclusion() string {
	everywhere := slices.Concat(result.Trials, result.Further)
	registers, people := len(everywhere), 0
	for _, t := range everywhere {
		people += t.People
	}
	sum, _ := together(everywhere)
	text := fmt.Sprintf("With the threshold it was trained to, the score finds %d of %d people more (%.2f %%) and adds %d false matches, %d of them misled by the evidence, on %d of %d registers of %d people together.\n",
		sum[0].Found, sum[0].People, percent(sum[0].Found, sum[0].People), sum[0].FalseMatches(), sum[0].Misled, sum[0].Spoilt, registers, people)
	switch {
	case sum[0].Found == 0:
		return text + "The score is left out: it finds nobody more."
	case sum[0].FalseMatches() == 0:
		return text + result.inFavour("The score becomes the rule: it finds more people and adds no false match on any of them.")
	}
	for _, m := range sum[1:] {
		if m.FalseMatches() == 0 && m.Found > 0 {
			text += fmt.Sprintf("With a threshold %.0f bits higher it would have found %d more (%.3f %%) and added none; but a threshold picked after seeing these registers is no evidence for it on these registers.\n",
				m.Bits, m.Found, percent(m.Found, m.People))
			break
		}
	}
	return text + result.confirm(sum[0].FalseMatches(), people)
}

// confirm chooses a margin on one half of the further registers and judges it on the others, since the threshold as
// trained adds false matches on so many people's registers.
func (result *Result) confirm(falseMatches, people int) string {
	leftOut := fmt.Sprintf("The score is left out: it adds %d false matches on registers of %d people.", falseMatches, people)
	half := len(result.Further) / 2
	choosing, _ := together(result.Further[:half])
	at := slices.IndexFunc(choosing, func(m Margin) bool { return m.FalseMatches() == 0 && m.Found > 0 })
	if at < 0 {
		return leftOut + fmt.Sprintf("\nNo margin finds people without a false match on the %d further registers that are to choose one.", half)
	}
	judging := slices.Concat(result.Trials, result.Further[half:])
	sum, ours := together(judging)
	m := sum[at]
	gain := percent(m.Found, m.People)
	low, high := wilson(ours[Right], m.People)
	open := 100 * (high - low) / 2
	_, mostFalse := wilson(m.FalseMatches(), m.Lookups)
	text := fmt.Sprintf("Chosen on the first %d of the further registers, as the least without a false match there, a margin of %.0f bits finds, on the %d registers that had no part in choosing it, %d of %d people more (%.3f %%) and adds %d false matches in %d lookups (with 95 %% certainty fewer than %.2f in a million).\n",
		half, m.Bits, len(judging), m.Found, m.People, gain, m.FalseMatches(), m.Lookups, 1e6*mostFalse)
	switch {
	case m.FalseMatches() > 0:
		return text + leftOut + " A margin chosen on other registers does not hold either."
	case gain <= open:
		return text + leftOut + fmt.Sprintf(" What the margin leaves of its gain, %.3f %%, is less than the %.3f %% by which the share found is uncertain there.", gain, open)
	}
	return text + result.inFavour(fmt.Sprintf("With a margin of %.0f bits, the score becomes the rule: it adds no false match on registers apart, and finds more than the %.3f %% by which the share found is uncertain there.", m.Bits, open))
}

// inFavour is a verdict in favour of the score, if the run is large enough for one.
func (result *Result) inFavour(verdict string) string {
	if result.Options.People < enoughPeople {
		return fmt.Sprintf("The score is left out: it takes a register of %d people to change the rule, and this one has %d.", enoughPeople, result.Options.People)
	}
	return verdict
}
