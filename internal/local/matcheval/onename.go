package matcheval

import (
	"slices"
	"strings"
	"sync"
)

// oneNameText are pairs of first names that are one name to those who bear them, beside the short forms that the
// synthetic people type: spellings of one full name, and short forms that are given as names of their own. Reviewed
// apart from the list by which names are matched. Ben for Bennett, Harry for Harrison and Micha for Michael are left
// out: a match that rests on them is the rule's own.
//
// These, and the full name for a short form, were added after four false matches in a million further lookups had
// been looked at: Catherine for Katie and Kathryn, Kathryn for Katherine, Jill for Gillian, each with two more kinds
// that agreed. They are names that the matching is asked to take for one another.
const oneNameText = `
Ann Anne
Catherine Katherine
Catherine Kathryn
Katherine Kathryn
Mohammed Mohammad
Mohammed Muhammad
Mohammad Muhammad
Stephen Steven
Frances Fran
Francesca Fran
Francis Fran
Gillian Gill
Gillian Jill
Janet Jan
Rose Rosie
`

// othersFor are the first names that the bearer of one might truly type instead: its short forms, the full names that
// it is short for, and its other spellings.
func othersFor(first string) []string { return otherNames()[first] }

var otherNames = sync.OnceValue(func() map[string][]string {
	others := map[string][]string{}
	relate := func(a, b string) {
		if !slices.Contains(others[a], b) {
			others[a] = append(others[a], b)
			others[b] = append(others[b], a)
		}
	}
	for full, shorts := range shortFormsOf() {
		for _, short := range shorts {
			relate(full, short)
		}
	}
	for line := range strings.Lines(oneNameText) {
		if pair := strings.Fields(line); len(pair) == 2 {
			relate(pair[0], pair[1])
		}
	}
	return others
})
