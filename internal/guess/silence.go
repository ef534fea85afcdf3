package guess

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// MaxValues is the number of different values of a kind that may be tried beside a pair. When that many were tried, the
// kind is silent beside the pair.
const MaxValues = 6

// silence is a pair with the kind that is silent beside it; without a kind, every kind is.
type silence struct {
	pair Pair
	kind matching.Evidence
}

// Verdict is the decision on a request.
type Verdict struct {
	matching.Decision
	// Silent are the kinds that are silent beside some pair, in the order of AllEvidence.
	Silent []matching.Evidence
}

// Decide decides as matching.Decide does, but counts no kind beside a pair where it is silent, and finds nothing by a
// pair of which not all entries are known. tried must contain the person's Entries. A record with other names,
// providers or TRNs than were given has further entries. They are read, once, only if the record is not found without
// them and something may have been tried under them. All entries read are at most MaxEntries.
func Decide(p matching.Person, records []teacher.Record, tried Tried, read func([]Entry) (Tried, error)) (Verdict, error) {
	v, unread := decide(p, records, tried)
	if len(unread) == 0 {
		return v, nil
	}
	more, err := read(unread)
	if err != nil {
		return Verdict{}, err
	}
	v, _ = decide(p, records, tried.with(more))
	return v, nil
}

// decide decides by what was read, and returns the entries that may hold something, were not read, and without which
// something is not found that may be.
func decide(p matching.Person, records []teacher.Record, tried Tried) (v Verdict, unread []Entry) {
	own := Entries(p)
	v.Decision = matching.Decide(p, records)
	v.silence(tried.silences(own))
	found := v.Candidates
	switch v.Outcome {
	case matching.NotFound:
		return v, nil
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
		for _, e := range c.wanted(p, MaxEntries-len(tried.entries)-len(unread)) {
			if !slices.Contains(unread, e) {
				unread = append(unread, e)
			}
		}
	}
	switch {
	case len(kept) == 0:
		v.Decision = matching.Decision{Outcome: matching.NotFound}
	case v.Outcome == matching.Found:
		v.Decision = kept[0]
	default:
		// Several stay several, even if only one of them is left: a guesser must not learn which.
		v.Candidates = nil
		for _, d := range kept {
			v.Candidates = append(v.Candidates, d.TRN)
		}
	}
	return v, unread
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
