package suggest

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
)

// Providers finds training providers among the register's own names. It is safe for concurrent use.
type Providers struct {
	exact map[string]bool
	// near maps the keys of names, which lack what people often leave out, to the names.
	near map[string][]string
}

// NewProviders returns the training providers of those names.
func NewProviders(names []string) *Providers {
	p := &Providers{exact: map[string]bool{}, near: map[string][]string{}}
	for _, name := range names {
		p.exact[matching.Fold(name)] = true
		for _, key := range keys(name) {
			if !slices.Contains(p.near[key], name) {
				p.near[key] = append(p.near[key], name)
			}
		}
	}
	return p
}

// Meant returns the one name that equals a typed text apart from "the", "uni" for university, "college of" and a town
// after a comma. It returns false if the text is a name already, or if no name or several names are that near.
func (p *Providers) Meant(typed string) (string, bool) {
	if p == nil || typed == "" || p.exact[matching.Fold(typed)] {
		return "", false
	}
	for _, key := range keys(typed) {
		switch names := p.near[key]; len(names) {
		case 0:
		case 1:
			return names[0], true
		default:
			return "", false
		}
	}
	return "", false
}

// written are the ways in which people write a word of a provider's name.
var written = map[string]string{"uni": "university", "univ": "university",
	"coll": "college", "col": "college", "st": "saint", "and": "&", "inst": "institute"}

// unimportant words may be left out anywhere.
var unimportant = map[string]bool{"the": true, "of": true, "at": true, "in": true, "for": true, "&": true}

// keys returns the keys of a name, the most precise first: its words sorted and without the unimportant ones, then
// without a town after a comma, then without "college of" too. A key is never the kind of place alone.
func keys(name string) []string {
	var all []string
	add := func(text string) {
		if key := significant(text); key != "" && !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	add(name)
	before, _, _ := strings.Cut(name, ",")
	add(before)
	folded := " " + matching.Fold(before) + " "
	if short := strings.Replace(folded, " college of ", " ", 1); short != folded {
		add(short)
	}
	return all
}

// kinds are words that many names share.
var kinds = map[string]bool{"university": true, "college": true, "school": true, "institute": true, "trust": true, "academy": true,
	"scitt": true, "education": true, "teacher": true, "training": true, "centre": true}

func significant(text string) string {
	var words []string
	telling := false
	for word := range strings.FieldsSeq(matching.Fold(text)) {
		if whole, ok := written[word]; ok {
			word = whole
		}
		if unimportant[word] {
			continue
		}
		telling = telling || !kinds[word]
		words = append(words, word)
	}
	if !telling {
		return ""
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}
