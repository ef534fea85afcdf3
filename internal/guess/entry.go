package guess

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// MaxEntries is the most entries that a request is remembered under. A person with one name and all six kinds of
// evidence has seventeen; only several former names given at once, each with several parts, reach it.
const MaxEntries = 24

// maxRecordEntries is the most entries that a record is judged by: what one batch of DynamoDB reads. Few are read beside
// the request's own, and none where the record has no other names, providers or TRNs than were given.
const maxRecordEntries = 100

// Pair is two kinds of evidence, in the order of matching.AllEvidence.
type Pair struct{ A, B matching.Evidence }

// Entry is a pair of kinds with a key of each, in plain text: it never leaves the function but as an HMAC.
type Entry struct {
	Pair Pair
	Key  string
}

// Entries returns the entries that a person's request is remembered under, at most MaxEntries.
func Entries(p matching.Person) []Entry {
	keys := matching.PersonKeys(p)
	return entries(keys, given(keys), MaxEntries)
}

// recordEntries are the entries by which a record is judged: of the pairs among some kinds, those that requests which
// agree with it on both are remembered under.
func recordEntries(r *teacher.Record, kinds []matching.Evidence) []Entry {
	return entries(matching.RecordKeys(r), kinds, maxRecordEntries)
}

// given are the kinds of evidence that keys have.
func given(keys matching.Keys) []matching.Evidence {
	var kinds []matching.Evidence
	for _, kind := range matching.AllEvidence {
		if len(keysOf(keys, kind, "")) > 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func entries(keys matching.Keys, kinds []matching.Evidence, most int) []Entry {
	type placed struct {
		Entry
		place int // among those of its pair
	}
	var all []placed
	for i, a := range kinds {
		for _, b := range kinds[i+1:] {
			place := 0
			for _, keyA := range keysOf(keys, a, b) {
				for _, keyB := range keysOf(keys, b, a) {
					all = append(all, placed{Entry{Pair{a, b}, keyA + "\x00" + keyB}, place})
					place++
				}
			}
		}
	}
	// Should there be too many, every pair has some.
	slices.SortStableFunc(all, func(x, y placed) int { return x.place - y.place })
	list := make([]Entry, min(len(all), most))
	for i := range list {
		list[i] = all[i].Entry
	}
	return list
}

// keysOf are the keys of a kind beside another. A National Insurance number or a TRN is one person's, so that a name
// beside it needs none of its own. A provider is that of thousands, so that beside it the whole name counts; beside any
// other kind the words of names do, because matching finds people whose last name is another.
func keysOf(k matching.Keys, kind, beside matching.Evidence) []string {
	switch kind {
	case matching.Name:
		switch {
		case len(k.First) == 0:
			return nil
		case beside == matching.NINO || beside == matching.TRN:
			return []string{""}
		case beside == matching.Provider:
			return k.Whole
		}
		return k.First
	case matching.DateOfBirth:
		return one(k.DateOfBirth)
	case matching.NINO:
		return one(k.NINO)
	case matching.Email:
		return one(k.Email)
	case matching.TRN:
		return k.TRNs
	default:
		return k.Providers
	}
}

func one(key string) []string {
	if key == "" {
		return nil
	}
	return []string{key}
}

// Values returns the values that a person's request tries, by kind, in plain text.
func Values(p matching.Person) map[matching.Evidence]string {
	keys := matching.PersonKeys(p)
	values := map[matching.Evidence]string{}
	for _, kind := range given(keys) {
		if kind == matching.Name {
			var names []string
			for _, name := range []string{p.First, p.Middle, p.Last, p.PreviousFirst, p.PreviousLast} {
				names = append(names, matching.Fold(name))
			}
			values[kind] = strings.Join(names, "\x00")
			continue
		}
		values[kind] = keysOf(keys, kind, "")[0]
	}
	return values
}
