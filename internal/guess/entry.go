package guess

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
)

// MaxEntries is the most entries that a request reads, and the most that it is remembered under; they stand on as many
// shelves at the most. A person with one name and all six kinds of evidence has seven entries on four shelves.
const MaxEntries = 24

// Pair is two kinds of evidence, in the order of matching.AllEvidence. A National Insurance number or a TRN is one
// person's and a mailbox that of few, so that one of them with any other kind is one pair, whose B is "".
type Pair struct{ A, B matching.Evidence }

// Entry is a pair of kinds with a key of each, in plain text: it never leaves the function but as an HMAC.
type Entry struct {
	Pair Pair
	Key  string
}

// Entries returns the entries that a person's request is remembered under, at most MaxEntries: all of a pair's, or none.
// Of a pair that has no room, because a name has many words, nothing is remembered, and nothing is found by it either.
func Entries(p matching.Person) []Entry {
	keys := matching.PersonKeys(p)
	return entries(keys, keys.Kinds())
}

func entries(keys matching.Keys, kinds []matching.Evidence) []Entry {
	all := pairsOf(keys, kinds)
	slices.SortStableFunc(all, func(x, y []Entry) int { return len(x) - len(y) })
	var list []Entry
	for _, pair := range all {
		if more := append(slices.Clone(list), pair...); len(more) <= MaxEntries && len(Shelves(more)) <= MaxEntries {
			list = more
		}
	}
	return list
}

// pairsOf returns all entries of keys, by pair.
func pairsOf(keys matching.Keys, kinds []matching.Evidence) [][]Entry {
	var all [][]Entry
	for i, a := range kinds {
		if a.Personal() {
			var pair []Entry
			for _, key := range keys.Of(a) {
				pair = append(pair, Entry{Pair{A: a}, key})
			}
			all = append(all, pair)
			continue
		}
		for _, b := range kinds[i+1:] {
			if b.Personal() {
				continue
			}
			var pair []Entry
			for _, keyA := range keysBeside(keys, a, b) {
				for _, keyB := range keys.Of(b) {
					pair = append(pair, Entry{Pair{a, b}, keyA + "\x00" + keyB})
				}
			}
			all = append(all, pair)
		}
	}
	return all
}

// keysBeside returns the keys of a kind beside another. A provider is that of thousands, so that beside it the whole name
// counts; beside the date of birth the words of names do, because matching finds people whose last name is another.
func keysBeside(k matching.Keys, kind, beside matching.Evidence) []string {
	if kind == matching.Name && beside == matching.Provider {
		return k.Whole
	}
	return k.Of(kind)
}

// Values returns the values that a person's request tries, by kind, in plain text.
func Values(p matching.Person) map[matching.Evidence]string {
	keys := matching.PersonKeys(p)
	values := map[matching.Evidence]string{}
	for _, kind := range keys.Kinds() {
		if kind == matching.Name {
			var names []string
			for _, name := range []string{p.First, p.Middle, p.Last, p.PreviousFirst, p.PreviousLast} {
				names = append(names, matching.Fold(name))
			}
			values[kind] = strings.Join(names, "\x00")
			continue
		}
		values[kind] = keys.Of(kind)[0]
	}
	return values
}
