package lookup

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// person is a query as evidence, without a NINO that begins with QQ where such are silent.
func (s *Service) person(q Query) matching.Person {
	p := q.Person()
	if !s.ExampleNINOs && p.NINO.IsExample() {
		p.NINO = teacher.NINO{}
	}
	return p
}

// withoutExamples returns records without NINOs that begin with QQ where such are silent. Those given stay as they are.
func (s *Service) withoutExamples(records []teacher.Record) []teacher.Record {
	if s.ExampleNINOs || !slices.ContainsFunc(records, func(r teacher.Record) bool { return r.NINO.IsExample() }) {
		return records
	}
	records = slices.Clone(records)
	for i := range records {
		if records[i].NINO.IsExample() {
			records[i].NINO = teacher.NINO{}
		}
	}
	return records
}
