package evaluate

import (
	"fmt"
	"io"
)

// printConclusion says, from this run, what the steps beyond plain agreement are worth, and whether the score earns
// a place in the rule.
func (result *Result) printConclusion(w io.Writer) {
	ours, strict := &result.Columns[ColumnOurs], &result.Columns[ColumnStrict]
	o, s := ours.Both(), strict.Both()
	fmt.Fprintf(w, "Forgiving a slip in a National Insurance number finds %d people more than the strict rule, adds %d false matches and lets %d more be misled.\n\n",
		ours.All[Right]-strict.All[Right], o[Wrong]-s[Wrong], o[Misled]-s[Misled])
	fmt.Fprintf(w, "What the Fellegi–Sunter score adds where ours finds nothing, trained on one register and judged on the other, both ways,\nby how far its threshold stands above the best wrong record of its training:\n")
	fmt.Fprintf(w, "%12s %28s %24s %8s\n", "margin, bits", "people more", "false matches more", "misled")
	for _, m := range result.Margins {
		fmt.Fprintf(w, "%12.0f %20d (%.3f %%) %24d %8d\n", m.Bits, m.Found, percent(m.Found, m.People), m.Wrong, m.Misled)
	}
	fmt.Fprintf(w, "%s\n", result.Conclusion())
}

// Conclusion says in one sentence whether the score earns a place in the rule, and why. It does if at some margin it
// adds no false match and finds more people than the interval of ours leaves open anyway.
func (result *Result) Conclusion() string {
	ours := &result.Columns[ColumnOurs].All
	low, high := wilson(ours[Right], ours.Lookups())
	open := (high - low) / 2
	if len(result.Margins) == 0 {
		return "The score was not judged."
	}
	trained := result.Margins[0]
	for _, m := range result.Margins {
		if m.Wrong > 0 || m.Misled > 0 {
			continue
		}
		gain := float64(m.Found) / float64(max(1, m.People))
		switch {
		case gain > open:
			return fmt.Sprintf("The score earns its place: %.0f bits above its training it finds %.2f %% more and nobody wrong.", m.Bits, 100*gain)
		case trained.Wrong > 0:
			return fmt.Sprintf("The score is left out: with the threshold it was trained to it adds %d false matches, and where it adds none it finds %d of %d people more (%.3f %%), which is less than the %.2f %% by which the share found is uncertain anyway.",
				trained.Wrong, m.Found, m.People, 100*gain, 100*open)
		}
		return fmt.Sprintf("The score is left out: it adds no false match, but finds only %d of %d people more (%.3f %%), which is less than the %.2f %% by which the share found is uncertain anyway.",
			m.Found, m.People, 100*gain, 100*open)
	}
	return fmt.Sprintf("The score is left out: it adds false matches at every margin, %d with the threshold it was trained to.", trained.Wrong)
}
