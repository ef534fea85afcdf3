package matching

import (
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// Outcome is the outcome of matching.
type Outcome string

// The outcomes.
const (
	Found    Outcome = "found"     // exactly one record, or one above all others
	NotFound Outcome = "not_found" // no record is a candidate
	Several  Outcome = "several"   // more than one is, and none is above the others: the helpdesk decides
	Crowded  Outcome = "crowded"   // not all records that may be candidates were read: the helpdesk decides
)

// Decision is the outcome of matching a person against records, and why.
type Decision struct {
	Outcome    Outcome
	TRN        teacher.TRN   // of the record found; zero otherwise
	Evidence   []Evidence    // the kinds that agreed with the record found, in the order of AllEvidence
	Candidates []teacher.TRN // when several or crowded: all of them, in ascending order
}

// Candidates are the records that a person's keys lead to.
type Candidates struct {
	Records []teacher.Record
	// Crowded means that more people were born on the person's birthday than are read.
	Crowded bool
}

// Settle returns the decision on candidates of which not all may have been read: if they are crowded, the helpdesk
// decides.
func (c Candidates) Settle(d Decision) Decision {
	if !c.Crowded {
		return d
	}
	if d.Outcome == Found {
		d.Candidates = []teacher.TRN{d.TRN}
	}
	return Decision{Outcome: Crowded, Candidates: d.Candidates}
}

// candidate is a record that a rule finds and none forbids.
type candidate struct {
	trn    teacher.TRN
	agreed kinds
}

// Decide decides which of the records belongs to the person. The records are those that any of the person's date
// of birth, National Insurance number, email or TRN leads to; their order means nothing, and a record may be
// among them more than once. Records that are not active are ignored.
//
// If one TRN comes in two versions (a record that was being changed while it was read), only what agrees in
// both counts, and it must be active in both.
func Decide(p Person, records []teacher.Record) Decision {
	m := newMatcher(p)
	var room [4]candidate
	candidates := room[:0]
	for i := range records {
		r := &records[i]
		if !canBeFound(r) {
			continue
		}
		if !m.canBecomeCandidate(r) || slices.ContainsFunc(candidates, func(c candidate) bool { return c.trn == r.TRN }) {
			continue
		}
		if c, ok := m.everyVersion(records, r.TRN); ok {
			candidates = append(candidates, candidate{r.TRN, c.agreed})
		}
	}
	switch best, ok := dominant(candidates); {
	case len(candidates) == 0:
		return Decision{Outcome: NotFound}
	case ok:
		return Decision{Outcome: Found, TRN: best.trn, Evidence: best.agreed.list()}
	}
	several := make([]teacher.TRN, len(candidates))
	for i, c := range candidates {
		several[i] = c.trn
	}
	slices.SortFunc(several, func(a, b teacher.TRN) int { return strings.Compare(a.Digits(), b.Digits()) })
	return Decision{Outcome: Several, Candidates: several}
}

// canBeFound reports whether a record is active and has a TRN of its own to send.
func canBeFound(r *teacher.Record) bool {
	return r.Status == teacher.Active && !r.TRN.IsZero() && !r.TRN.MadeUp()
}

// everyVersion compares the person with all versions of one TRN's record, and reports whether that makes it a
// candidate.
func (m *matcher) everyVersion(records []teacher.Record, trn teacher.TRN) (comparison, bool) {
	var all comparison
	seen := false
	for i := range records {
		r := &records[i]
		if r.TRN != trn {
			continue
		}
		if r.Status != teacher.Active {
			return comparison{}, false
		}
		c := m.compare(r)
		if seen {
			c = both(all, c)
		}
		all, seen = c, true
	}
	return all, isCandidate(&all)
}
