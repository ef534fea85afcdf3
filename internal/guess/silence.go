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

// silence says that a kind is silent beside a pair; with no kind, that every kind is.
type silence struct {
	pair Pair
	kind matching.Evidence
}

// silences are those that hold when entries are judged together: what was tried under any of them counts.
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

// Verdict is what a request comes to.
type Verdict struct {
	matching.Decision
	// Silent are the kinds that are silent beside some pair, in the order of AllEvidence.
	Silent []matching.Evidence
	// Unread are entries that were not read and without which something is not found that may be, at most
	// MaxFurther: Decide is called once more when these were read too.
	Unread []Entry
}

// Decide decides as matching.Decide does, but counts no kind beside a pair where it is silent, and finds nothing by a
// pair of which not all entries were read. What was tried must hold the person's Entries. Only a record that has other
// names, providers or TRNs than were given has further ones, and only one that would not be found without them asks for
// them.
func Decide(p matching.Person, records []teacher.Record, tried Tried) Verdict {
	own := Entries(p)
	v := Verdict{Decision: matching.Decide(p, records)}
	v.silence(tried.silences(own))
	found := v.Candidates
	switch v.Outcome {
	case matching.NotFound:
		return v
	case matching.Found:
		found = []teacher.TRN{v.TRN}
	}
	var kept []matching.Decision
	for _, trn := range found {
		c := tried.candidate(p, own, versionsOf(records, trn))
		v.silence(c.silences)
		decision, ok := c.stillFound(p)
		if ok {
			kept = append(kept, decision)
			continue
		}
		for _, e := range c.wanted(p, MaxFurther-len(v.Unread)) {
			if !slices.Contains(v.Unread, e) {
				v.Unread = append(v.Unread, e)
			}
		}
	}
	switch {
	case len(kept) == 0:
		v.Decision = matching.Decision{Outcome: matching.NotFound}
	case v.Outcome == matching.Found:
		v.Decision = kept[0]
	default:
		// Several stay several, though only one of them may be left: whoever guessed must not learn which.
		v.Candidates = nil
		for _, d := range kept {
			v.Candidates = append(v.Candidates, d.TRN)
		}
	}
	return v
}

// silence adds kinds that are silent.
func (v *Verdict) silence(silences []silence) {
	var silent []matching.Evidence
	for _, kind := range matching.AllEvidence {
		if slices.Contains(v.Silent, kind) || slices.ContainsFunc(silences, func(s silence) bool { return s.kind == kind }) {
			silent = append(silent, kind)
		}
	}
	v.Silent = silent
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
