package matching

import (
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// Outcome is what matching comes to.
type Outcome string

// The outcomes.
const (
	Found    Outcome = "found"     // exactly one record, or one above all others
	NotFound Outcome = "not_found" // no record has three kinds of evidence that agree
	Several  Outcome = "several"   // more than one has, and none is above the others: the helpdesk decides
)

// Decision is the outcome of matching a person against records, and why.
type Decision struct {
	Outcome    Outcome
	TRN        teacher.TRN   // of the record found; zero otherwise
	Evidence   []Evidence    // the kinds that agreed with the record found, in the order of AllEvidence
	Candidates []teacher.TRN // when several: all of them, in ascending order
}

// candidate is an active record with enough evidence.
type candidate struct {
	trn    teacher.TRN
	agreed kinds
}

// Decide tells which of the records belongs to the person. The records are those that any of the person's date
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
		if r.Status != teacher.Active || r.TRN.IsZero() {
			continue
		}
		agreed := m.agreement(r)
		if !isCandidate(agreed, m.against(r)) || slices.ContainsFunc(candidates, func(c candidate) bool { return c.trn == r.TRN }) {
			continue
		}
		if agreed, ok := m.everyVersion(records, r.TRN); ok {
			candidates = append(candidates, candidate{r.TRN, agreed})
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

// everyVersion is what agrees in all versions of one TRN's record, and whether that makes it a candidate.
func (m *matcher) everyVersion(records []teacher.Record, trn teacher.TRN) (kinds, bool) {
	agreed, against := ^kinds(0), kinds(0)
	for i := range records {
		r := &records[i]
		if r.TRN != trn {
			continue
		}
		if r.Status != teacher.Active {
			return 0, false
		}
		agreed &= m.agreement(r)
		against |= m.against(r)
	}
	return agreed, isCandidate(agreed, against)
}

// isCandidate tells whether what agrees is enough, given what speaks against.
func isCandidate(agreed, against kinds) bool {
	return agreed.count() >= enough && !outweighed(agreed, against)
}

// agreement is the set of kinds that agree with a record. It looks at names and providers, which cost most,
// only while the record can still become a candidate; if it cannot, the set may be short of some kinds.
func (m *matcher) agreement(r *teacher.Record) kinds {
	var agreed kinds
	if !m.person.DateOfBirth.IsZero() && m.person.DateOfBirth == r.DateOfBirth {
		agreed |= dateOfBirthBit
	}
	if ninoAgrees(m.person.NINO, r.NINO) {
		agreed |= ninoBit
	}
	if !m.person.Email.IsZero() && m.person.Email == r.Email {
		agreed |= emailBit
	}
	if trnAgrees(m.person.TRN, r) {
		agreed |= trnBit
	}
	missing := enough - agreed.count()
	if missing > 2 || missing == 2 && m.provider.isZero() {
		return agreed
	}
	if m.nameAgrees(r) {
		agreed |= nameBit
	} else if missing == 2 {
		return agreed
	}
	if m.providerAgrees(r) {
		agreed |= providerBit
	}
	return agreed
}

// against is the set of kinds that speak against a record.
func (m *matcher) against(r *teacher.Record) kinds {
	if ninoDiffers(m.person.NINO, r.NINO) {
		return ninoBit
	}
	return 0
}
