// Package remembered stores tries in memory, as package limits does in DynamoDB, and decides with them as a lookup
// does.
package remembered

import (
	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Memory stores tries and the notes of shelves.
type Memory struct {
	Values map[guess.Entry]map[matching.Evidence][]string
	Notes  map[guess.Shelf]map[guess.Entry]bool
}

// New returns an empty Memory.
func New() *Memory {
	return &Memory{map[guess.Entry]map[matching.Evidence][]string{}, map[guess.Shelf]map[guess.Entry]bool{}}
}

// Counts are how many items a request reads and writes.
type Counts struct {
	Entries, Shelves int // read beside the register
	Further          int // entries read when the record is known
	Values, Notes    int // written
}

// Tried reads entries and shelves.
func (m *Memory) Tried(entries []guess.Entry, shelves []guess.Shelf) guess.Tried {
	t := guess.NewTried(entries)
	for _, e := range entries {
		for kind, values := range m.Values[e] {
			t.Set(e, kind, values)
		}
	}
	for _, shelf := range shelves {
		t.SetShelf(shelf, func(e guess.Entry) (bool, bool) { return m.Notes[shelf][e], m.Notes[shelf][e] })
	}
	return t
}

// LookUp decides on a person by records, and stores the values of a request that found nothing.
func (m *Memory) LookUp(p matching.Person, records ...teacher.Record) (matching.Decision, Counts) {
	entries := guess.Entries(p)
	shelves := guess.Shelves(entries)
	c := Counts{Entries: len(entries), Shelves: len(shelves)}
	tried := m.Tried(entries, shelves)
	verdict, _ := guess.Decide(p, records, tried, func(more []guess.Entry) (guess.Tried, error) { // a map does not fail
		c.Further = len(more)
		return m.Tried(more, nil), nil
	})
	if verdict.Outcome == matching.NotFound {
		additions := tried.Additions(guess.Values(p))
		c.Values, c.Notes = len(additions.Values), len(additions.Notes)
		m.remember(additions)
	}
	return verdict.Decision, c
}

func (m *Memory) remember(a guess.Additions) {
	for e, values := range a.Values {
		if m.Values[e] == nil {
			m.Values[e] = map[matching.Evidence][]string{}
		}
		for kind, value := range values {
			m.Values[e][kind] = append(m.Values[e][kind], value)
		}
	}
	for shelf, entries := range a.Notes {
		if m.Notes[shelf] == nil {
			m.Notes[shelf] = map[guess.Entry]bool{}
		}
		for _, e := range entries {
			m.Notes[shelf][e] = true
		}
	}
}
