package guess

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Enough is how many different values of a kind beside a pair make the kind silent beside it.
const Enough = 6

// Tried is what was remembered under the entries that were read: by kind, the distinct values tried, in any form in which
// equal values are equal. An entry that was read and holds nothing is in it.
type Tried map[Entry]map[matching.Evidence][]string

// NewTried is what was read of entries that hold nothing.
func NewTried(entries []Entry) Tried {
	t := make(Tried, len(entries))
	for _, e := range entries {
		t[e] = map[matching.Evidence][]string{}
	}
	return t
}

// Additions returns, of the values of a request that found nothing, those to add to each entry that was read: of every
// kind but the pair's own, where the kind is not silent already and the value is not there.
func (t Tried) Additions(values map[matching.Evidence]string) map[Entry]map[matching.Evidence]string {
	additions := map[Entry]map[matching.Evidence]string{}
	for entry, tried := range t {
		more := map[matching.Evidence]string{}
		for kind, value := range values {
			if kind != entry.Pair.A && kind != entry.Pair.B && len(tried[kind]) < Enough && !slices.Contains(tried[kind], value) {
				more[kind] = value
			}
		}
		if len(more) > 0 {
			additions[entry] = more
		}
	}
	return additions
}

// Silent returns the kinds that are silent beside some pair of a request's entries, in the order of AllEvidence.
func (t Tried) Silent(entries []Entry) []matching.Evidence {
	var silent []matching.Evidence
	for _, kind := range matching.AllEvidence {
		if slices.ContainsFunc(entries, func(e Entry) bool { return len(t[e][kind]) >= Enough }) {
			silent = append(silent, kind)
		}
	}
	return silent
}

// silence says that a kind is silent beside a pair.
type silence struct {
	pair Pair
	kind matching.Evidence
}

// silences are those that hold when a record is judged: what was tried by all who agree with it counts together.
func (t Tried) silences(entries []Entry) []silence {
	tried := map[silence]map[string]bool{}
	for _, e := range entries {
		for kind, values := range t[e] {
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
		if len(values) >= Enough {
			all = append(all, s)
		}
	}
	return all
}

// Decide decides as matching.Decide does, but counts no kind beside a pair where it is silent. What was tried must hold
// the person's Entries; if a record that would be found must be judged by further entries, because it has other names,
// providers or TRNs than were given, they are returned, and Decide is called again when they were read too.
func Decide(p matching.Person, records []teacher.Record, tried Tried) (matching.Decision, []Entry) {
	decision := matching.Decide(p, records)
	found := decision.Candidates
	switch decision.Outcome {
	case matching.NotFound:
		return decision, nil
	case matching.Found:
		found = []teacher.TRN{decision.TRN}
	}
	var unread []Entry
	var kept []matching.Decision
	own := Entries(p)
	for _, trn := range found {
		versions := versionsOf(records, trn)
		judged := judgedBy(p, own, versions)
		for _, e := range judged {
			if _, read := tried[e]; !read && !slices.Contains(unread, e) {
				unread = append(unread, e)
			}
		}
		if alone, ok := stillFound(p, versions, tried.silences(judged)); ok {
			kept = append(kept, alone)
		}
	}
	switch {
	case len(unread) > 0:
		return matching.Decision{}, unread
	case len(kept) == 0:
		return matching.Decision{Outcome: matching.NotFound}, nil
	case decision.Outcome == matching.Found:
		return kept[0], nil
	}
	// Several stay several, though only one of them may be left: whoever guessed must not learn which.
	decision.Candidates = nil
	for _, d := range kept {
		decision.Candidates = append(decision.Candidates, d.TRN)
	}
	return decision, nil
}

func versionsOf(records []teacher.Record, trn teacher.TRN) []teacher.Record {
	var versions []teacher.Record
	for _, r := range records {
		if r.TRN == trn {
			versions = append(versions, r)
		}
	}
	return versions
}

// judgedBy are the entries by which a record that would be found is judged: its own of the kinds that were given and
// that it has, and the request's. Where the record has another value of a kind than was given, nothing was tried beside
// it that could be about this record, so it is not asked.
func judgedBy(p matching.Person, own []Entry, versions []teacher.Record) []Entry {
	judged := slices.Clone(own)
	for i := range versions {
		for _, e := range recordEntries(&versions[i], agreeing(p, &versions[i])) {
			if !slices.Contains(judged, e) {
				judged = append(judged, e)
			}
		}
	}
	return judged
}

// agreeing are the kinds on which a person agrees with a record, the name also where only a part of it does.
func agreeing(p matching.Person, r *teacher.Record) []matching.Evidence {
	agreed := matching.Explain(p, *r).Agreed
	var kinds []matching.Evidence
	for _, kind := range matching.AllEvidence {
		if slices.Contains(agreed, kind) || kind == matching.Name && p.First+p.Last != "" {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// stillFound decides on one record by each of the largest sets of kinds in which none is silent beside two others.
func stillFound(p matching.Person, versions []teacher.Record, silences []silence) (matching.Decision, bool) {
	kinds := given(matching.PersonKeys(p))
	for size := len(kinds); size >= 2; size-- {
		for set := range 1 << len(kinds) {
			left := subset(kinds, set)
			if len(left) != size || slices.ContainsFunc(silences, func(s silence) bool { return s.within(left) }) {
				continue
			}
			if d := matching.Decide(only(p, left), versions); d.Outcome == matching.Found {
				return d, true
			}
		}
	}
	return matching.Decision{}, false
}

// within tells whether the silenced kind and its pair are all in a set of kinds.
func (s silence) within(kinds []matching.Evidence) bool {
	return slices.Contains(kinds, s.kind) && slices.Contains(kinds, s.pair.A) && slices.Contains(kinds, s.pair.B)
}

func subset(kinds []matching.Evidence, set int) []matching.Evidence {
	var left []matching.Evidence
	for i, kind := range kinds {
		if set&(1<<i) != 0 {
			left = append(left, kind)
		}
	}
	return left
}

// only is a person of whom nothing but some kinds of evidence is known.
func only(p matching.Person, kinds []matching.Evidence) matching.Person {
	has := func(kind matching.Evidence) bool { return slices.Contains(kinds, kind) }
	if !has(matching.Name) {
		p.First, p.Middle, p.Last, p.PreviousFirst, p.PreviousLast = "", "", "", "", ""
	}
	if !has(matching.DateOfBirth) {
		p.DateOfBirth = teacher.Date{}
	}
	if !has(matching.NINO) {
		p.NINO = teacher.NINO{}
	}
	if !has(matching.Email) {
		p.Email = teacher.EmailKey{}
	}
	if !has(matching.TRN) {
		p.TRN = teacher.TRN{}
	}
	if !has(matching.Provider) {
		p.Provider = teacher.Provider{}
	}
	return p
}
