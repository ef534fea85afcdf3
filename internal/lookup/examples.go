package lookup

import (
	"context"
	"fmt"
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// person returns a query as evidence: without a NINO that begins with QQ where these do not count, and with the name of
// a provider that was given by its number, because tries beside a provider are stored under its name.
func (s *Service) person(ctx context.Context, q Query) (matching.Person, error) {
	p := q.Person()
	if !s.ExampleNINOs && p.NINO.IsExample() {
		p.NINO = teacher.NINO{}
	}
	if p.Provider.UKPRN != "" && p.Provider.Name == "" && s.Providers != nil {
		var err error
		if p.Provider.Name, err = s.Providers.Named(ctx, p.Provider.UKPRN); err != nil {
			return matching.Person{}, fmt.Errorf("read training provider: %w", err)
		}
	}
	return p, nil
}

// withoutExamples returns records without NINOs that begin with QQ, where these do not count. It does not change the
// given records.
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
