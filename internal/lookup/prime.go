package lookup

import (
	"context"
	"errors"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// nobody gives something of every kind, and is on no register.
var nobody = Details{Email: "nobody@example.com", FirstName: "Nobody", LastName: "Nobody",
	DateOfBirth: TypedDate{"1", "1", "1900"}, NINO: "QQ000000A", TrainingProvider: "Nobody"}

// further is how many calls of DynamoDB a lookup makes beside those that Prime makes for a person: the counts by address and by
// email, the index of emails, and what is recorded under its key.
const further = 4

// Prime makes the reads of a lookup for somebody who is on no register, as many at once as a lookup makes calls, and
// meanwhile checks and compares the same: connections are open and whatever is made when first used is made before the
// first lookup. It writes nothing and logs nothing.
func (s *Service) Prime(ctx context.Context) error {
	born, _ := teacher.NewDate(1900, 1, 1)
	nino, _ := teacher.ParseNINO(nobody.NINO)
	person := matching.Person{First: nobody.FirstName, Last: nobody.LastName, DateOfBirth: born, NINO: nino}
	entries := guess.Entries(person)
	reads := parallel.All()
	reads.Go(func() error {
		_, err := s.Register.Candidates(ctx, person)
		return err
	})
	reads.Go(func() error {
		_, err := s.Tries.Tried(ctx, entries, guess.Shelves(entries))
		return err
	})
	for range further {
		reads.Go(func() error {
			_, err := s.Journal.Recorded(ctx, NewID())
			return err
		})
	}
	query, _ := nobody.Check(teacher.LondonDate(s.Clock()))
	record := teacher.Record{Status: teacher.Active, Name: teacher.Name{First: query.FirstName, Last: query.LastName}, DateOfBirth: query.DateOfBirth,
		NINO: query.NINO, Email: query.Email.Key()}
	_, err := guess.Decide(query.Person(), []teacher.Record{record}, guess.NewTried(nil), func(more []guess.Entry) (guess.Tried, error) {
		return guess.NewTried(more), nil
	})
	return errors.Join(err, reads.Wait())
}
