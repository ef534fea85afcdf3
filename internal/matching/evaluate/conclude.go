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
	fmt.Fprintf(w, "What the Fellegi–Sunter score adds where ours finds nothing, trained on one register and judged on the other and on\nits further people, both ways, by how far its threshold stands above the best wrong record of its training:\n")
	fmt.Fprintf(w, "%12s %28s %24s %8s %30s\n", "margin, bits", "people more", "false matches more", "misled", "above the nearest wrong, bits")
	for _, m := range result.Margins {
		fmt.Fprintf(w, "%12.0f %20d (%.3f %%) %24d %8d %30.1f\n", m.Bits, m.Found, percent(m.Found, m.People), m.Wrong, m.Misled, m.Headroom)
	}
	fmt.Fprintf(w, "%s\n", result.Conclusion())
}

// Conclusion says, from this run, whether the score earns a place in the rule, and why. It does if, with a threshold
// that clears the best wrong record of its training by as much as the best record must clear the next, it adds no false
// match, misled or not, and finds more people than the interval of ours leaves open anyway.
func (result *Result) Conclusion() string {
	ours := &result.Columns[ColumnOurs].All
	low, high := wilson(ours[Right], ours.Lookups())
	open := 100 * (high - low) / 2
	var trained, trusted Margin
	for _, m := range result.Margins {
		switch m.Bits {
		case 0:
			trained = m
		case clear:
			trusted = m
		}
	}
	text := fmt.Sprintf("With the threshold it was trained to, the score finds %d of %d people more (%.2f %%) and adds %d false matches, %d of them misled by the evidence",
		trained.Found, trained.People, percent(trained.Found, trained.People), trained.Wrong+trained.Misled, trained.Misled)
	if trained.Wrong+trained.Misled == 0 {
		text += fmt.Sprintf("; but the nearest wrong record stands only %.1f bits below that threshold, and disclosing a number needs more room than that", trained.Headroom)
	}
	gain, added := percent(trusted.Found, trusted.People), trusted.Wrong+trusted.Misled
	text += fmt.Sprintf(".\nWith a threshold %d bits higher, which is a thousand to one and the lead that it must have over the next record as well, it finds %d more (%.3f %%) and adds %d false matches.\n",
		clear, trusted.Found, gain, added)
	switch {
	case added > 0:
		return text + "The score is left out: it adds false matches."
	case gain <= open:
		return text + fmt.Sprintf("The score is left out: that is less than the %.2f %% by which the share found is uncertain, and no reason to weigh a stranger's number by error rates that were made up.", open)
	}
	return text + "The score earns its place."
}
