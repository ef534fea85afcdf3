package guess

import (
	"maps"
	"slices"

	"losttrn/internal/matching"
)

// Tried is what was remembered under the entries that were read, and what was noted on the shelves.
type Tried struct {
	entries map[Entry]map[matching.Evidence][]string
	shelves map[Shelf]Noted
}

// Noted describes the note of an entry on a shelf: whether values may be remembered under the entry, and whether the
// note is recent enough to need no repetition.
type Noted func(Entry) (holds, lately bool)

// NewTried returns a Tried in which the given entries were read and are empty, and no shelf was read.
func NewTried(entries []Entry) Tried {
	t := Tried{make(map[Entry]map[matching.Evidence][]string, len(entries)), map[Shelf]Noted{}}
	for _, e := range entries {
		t.entries[e] = map[matching.Evidence][]string{}
	}
	return t
}

// Set sets the distinct values of a kind that are remembered under an entry that was read, in any form in which equal
// values are equal.
func (t Tried) Set(e Entry, kind matching.Evidence, values []string) { t.entries[e][kind] = values }

// SetShelf sets the notes of a shelf that was read.
func (t Tried) SetShelf(s Shelf, noted Noted) { t.shelves[s] = noted }

// Values returns the values of a kind that are remembered under an entry.
func (t Tried) Values(e Entry, kind matching.Evidence) []string { return t.entries[e][kind] }

// with returns the union of two reads.
func (t Tried) with(more Tried) Tried {
	both := Tried{maps.Clone(t.entries), maps.Clone(t.shelves)}
	maps.Copy(both.entries, more.entries)
	maps.Copy(both.shelves, more.shelves)
	return both
}

// Known reports whether all that is remembered under an entry is known: it was read, or nothing is noted of it on a shelf
// on which it stands.
func (t Tried) Known(e Entry) bool {
	if _, read := t.entries[e]; read {
		return true
	}
	for _, s := range e.shelves() {
		if noted, read := t.shelves[s]; read {
			if holds, _ := noted(e); !holds {
				return true
			}
		}
	}
	return false
}

// Additions are what a request that found nothing adds.
type Additions struct {
	Values map[Entry]map[matching.Evidence]string
	Notes  map[Shelf][]Entry
}

// Additions returns, of the values of a request that found nothing, those to add to each entry that was read: of every
// kind but the pair's own, where the kind is not silent already and the value is not there. Each entry that has an
// addition is noted on its shelves, and so is one that holds something of which a shelf that was read says nothing, because
// the note was lost.
func (t Tried) Additions(values map[matching.Evidence]string) Additions {
	a := Additions{map[Entry]map[matching.Evidence]string{}, map[Shelf][]Entry{}}
	for entry, tried := range t.entries {
		more := map[matching.Evidence]string{}
		for kind, value := range values {
			if kind != entry.Pair.A && kind != entry.Pair.B && len(tried[kind]) < MaxValues && !slices.Contains(tried[kind], value) {
				more[kind] = value
			}
		}
		if len(more) > 0 {
			a.Values[entry] = more
		}
		for _, shelf := range entry.shelves() {
			noted, read := t.shelves[shelf]
			holds, lately := false, false
			if read {
				holds, lately = noted(entry)
			}
			if len(more) > 0 && !lately || read && !holds && len(tried) > 0 {
				a.Notes[shelf] = append(a.Notes[shelf], entry)
			}
		}
	}
	return a
}

// silences returns those that hold when entries are judged together: what was tried under any of them counts.
func (t Tried) silences(entries []Entry) []silence {
	tried := map[silence]map[string]bool{}
	for _, e := range entries {
		for kind, values := range t.entries[e] {
			s := silence{e.Pair, kind}
			if tried[s] == nil {
				tried[s] = map[string]bool{}
			}
			for _, v := range values {
				tried[s][v] = true
			}
		}
	}
	var all []silence
	for s, values := range tried {
		if len(values) >= MaxValues {
			all = append(all, s)
		}
	}
	return all
}
