package matching

import "losttrn/internal/teacher"

// Explanation describes how one record compares with a person. It is for logs, tests and measurements, and never shown
// to the person.
type Explanation struct {
	TRN       teacher.TRN
	Agreed    []Evidence // the kinds that agree, in the order of AllEvidence
	Near      []Evidence // the kinds that nearly do
	Against   []Evidence // the kinds that contradict
	Found     []string   // the rules that find the record, by name
	Never     []string   // the rules that forbid it
	Inactive  bool       // deactivated, merged away or deceased: never a candidate
	Candidate bool       // active, found and not forbidden
}

// Explain compares a person with one record in full.
func Explain(p Person, r teacher.Record) Explanation {
	return newMatcher(p).explain(&r)
}

// ExplainEach compares a person with each of many records.
func ExplainEach(p Person, records []teacher.Record, each func(Explanation)) {
	m := newMatcher(p)
	for i := range records {
		each(m.explain(&records[i]))
	}
}

func (m *matcher) explain(r *teacher.Record) Explanation {
	c := m.compare(r)
	e := Explanation{TRN: r.TRN, Agreed: c.agreed.list(), Near: c.near.list(), Against: c.against.list(), Inactive: !canBeFound(r)}
	for i := range found {
		if found[i].holds(&c) {
			e.Found = append(e.Found, found[i].name)
		}
	}
	for i := range never {
		if never[i].holds(&c) {
			e.Never = append(e.Never, never[i].name)
		}
	}
	e.Candidate = !e.Inactive && isCandidate(&c)
	return e
}
