package matching

import "losttrn/internal/teacher"

// Explanation is how one record compares with a person. It is for tests and for measuring, never for the person.
type Explanation struct {
	TRN       teacher.TRN
	Agreed    []Evidence // every kind that agrees, in the order of AllEvidence
	Against   []Evidence // the kinds that speak against
	Inactive  bool       // deactivated, merged away or deceased: never a candidate
	Candidate bool       // active, with enough that agrees in spite of what speaks against
}

// Explain compares a person with one record in full, whatever comes of it.
func Explain(p Person, r teacher.Record) Explanation {
	m := newMatcher(p)
	agreed := m.agreement(&r) &^ (nameBit | providerBit)
	if m.nameAgrees(&r) {
		agreed |= nameBit
	}
	if m.providerAgrees(&r) {
		agreed |= providerBit
	}
	against := m.against(&r)
	inactive := r.Status != teacher.Active
	return Explanation{
		TRN:       r.TRN,
		Agreed:    agreed.list(),
		Against:   against.list(),
		Inactive:  inactive,
		Candidate: !inactive && !r.TRN.IsZero() && isCandidate(agreed, against),
	}
}
