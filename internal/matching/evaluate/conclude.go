package evaluate

import "fmt"

// Conclusion says, from this run, whether the score earns a place in the rule.
func (result *Result) Conclusion() string {
	ours, behind, alone := &result.Columns[ColumnOurs], &result.Columns[ColumnBehind], &result.Columns[ColumnScore]
	more := behind.All[Right] - ours.All[Right]
	b, o, a := behind.Both(), ours.Both(), alone.Both()
	added := b[Wrong] - o[Wrong]
	text := fmt.Sprintf("The Fellegi–Sunter score behind our rule finds %d people more of %d (%+.1f points) and adds %d false matches; by itself it finds %+d and makes %d.\n",
		more, ours.All.Lookups(), percent(more, ours.All.Lookups()), added, alone.All[Right]-ours.All[Right], a[Wrong])
	switch {
	case added > 0:
		text += "It is left out: its threshold lets no false match through in training, yet it does on people whom it was not trained on."
	case more <= 0:
		text += "It is left out: it adds nobody."
	default:
		text += "In this run it adds people and no false match."
	}
	strict := &result.Columns[ColumnStrict]
	st := strict.Both()
	forgiving := fmt.Sprintf("Forgiving a slip in a National Insurance number finds %d people more, adds %d false matches and lets %d more be misled.\n",
		ours.All[Right]-strict.All[Right], o[Wrong]-st[Wrong], o[Misled]-st[Misled])
	return forgiving + text + fmt.Sprintf("\nWith a threshold set in hindsight, on the answers of this very run, it could have added %d (%.1f points).", result.Hindsight.Found, percent(result.Hindsight.Found, ours.All.Lookups()))
}
