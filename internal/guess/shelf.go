package guess

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
)

// Shelf is what several entries have in common: a date of birth; a provider and how a word of a name begins; or how
// all words of a name begin, whatever the provider. When a value is remembered under an entry, that is noted on each
// of the entry's shelves. So reading a shelf tells, for each entry that stands on it, whether there is anything to
// read.
type Shelf struct {
	Kind matching.Evidence // DateOfBirth, Provider or Name
	Key  string            // in plain text, as the Key of an Entry
}

// beginning is how many letters of a word make a shelf: as many as most words of several have in common with their first
// (sarah and sarahjane), so that they stand on one.
const beginning = 3

// shelves returns the shelves on which an entry stands: none for the pair of a personal kind, whose entry is known only
// when it is read.
func (e Entry) shelves() []Shelf {
	a, b, _ := strings.Cut(e.Key, "\x00")
	switch e.Pair {
	case Pair{matching.Name, matching.DateOfBirth}:
		return []Shelf{{matching.DateOfBirth, b}}
	case Pair{matching.DateOfBirth, matching.Provider}:
		return []Shelf{{matching.DateOfBirth, a}}
	case Pair{matching.Name, matching.Provider}:
		var shelves []Shelf
		var begins []string
		for word := range strings.SplitSeq(a, " ") {
			letters := []rune(word)
			begin := string(letters[:min(len(letters), beginning)])
			begins = append(begins, begin)
			shelves = addShelf(shelves, Shelf{matching.Provider, begin + "\x00" + b})
		}
		slices.Sort(begins)
		return append(shelves, Shelf{matching.Name, strings.Join(begins, " ")})
	}
	return nil
}

// Shelves returns the shelves of entries, each once.
func Shelves(entries []Entry) []Shelf {
	var all []Shelf
	for _, e := range entries {
		for _, s := range e.shelves() {
			all = addShelf(all, s)
		}
	}
	return all
}

func addShelf(shelves []Shelf, s Shelf) []Shelf {
	if slices.Contains(shelves, s) {
		return shelves
	}
	return append(shelves, s)
}
