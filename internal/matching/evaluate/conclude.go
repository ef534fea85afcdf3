package evaluate

import (
	"fmt"
	"io"
)

// printConclusion says, from this run, what the steps beyond plain agreement are worth, and whether the score earns
// a place in the rule.
func (result *Result) printConclusion(w io.Writer) {
	ours, written := &result.Columns[ColumnOurs], &result.Columns[ColumnWritten]
	o, s := ours.Both(), written.Both()
	fmt.Fprintf(w, "Forgiving a slip in a National Insurance number finds %d people more than the rule as written, adds %d false matches and lets %d more be misled.\n\n",
		ours.All[Right]-written.All[Right], o[Wrong]-s[Wrong], o[Misled]-s[Misled])
	fmt.Fprintf(w, "What the Fellegi–Sunter score adds where ours finds nothing, trained on one register and judged on the other, both ways,\nby how far its threshold stands above the best wrong record of its training:\n")
	fmt.Fprintf(w, "%12s %28s %24s %8s\n", "margin, bits", "people more", "false matches more", "misled")
	for _, m := range result.Margins {
		fmt.Fprintf(w, "%12.0f %20d (%.3f %%) %24d %8d\n", m.Bits, m.Found, percent(m.Found, m.People), m.Wrong, m.Misled)
	}
	fmt.Fprintf(w, "%s\n", result.Conclusion())
}

// Conclusion says in one sentence whether the score earns a place in the rule, and why. It does if it adds no false
// match, misled or not, and finds more people than the interval of ours leaves open anyway, at the threshold that it was
// trained to or at one of the margins above.
func (result *Result) Conclusion() string {
	ours := &result.Columns[ColumnOurs].All
	low, high := wilson(ours[Right], ours.Lookups())
	open := (high - low) / 2
	if len(result.Margins) == 0 {
		return "The score was not judged."
	}
	trained := result.Margins[0]
	atTraining := fmt.Sprintf("with the threshold it was trained to, it finds %d of %d people more (%.2f %%) and adds %d false matches, %d of them to people whom the evidence itself misled",
		trained.Found, trained.People, percent(trained.Found, trained.People), trained.Wrong+trained.Misled, trained.Misled)
	for _, m := range result.Margins {
		if m.Wrong+m.Misled > 0 {
			continue
		}
		gain := float64(m.Found) / float64(max(1, m.People))
		if gain > open {
			return fmt.Sprintf("The score earns its place: with a threshold %.0f bits above its training it finds %.2f %% more and nobody wrong.", m.Bits, 100*gain)
		}
		return fmt.Sprintf("The score is left out: %s; where it adds none, it finds %d more (%.2f %%), less than the %.2f %% by which the share found is uncertain.",
			atTraining, m.Found, 100*gain, 100*open)
	}
	return fmt.Sprintf("The score is left out: %s; it adds false matches at every margin.", atTraining)
}
