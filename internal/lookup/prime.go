package lookup

import (
	"context"
	"errors"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// stranger is a person with evidence of every kind who is on no register.
var stranger = Details{Email: "nobody@example.com", FirstName: "Nobody", LastName: "Nobody",
	DateOfBirth: TypedDate{"1", "1", "1900"}, NINO: "QQ000000A", TrainingProvider: "Nobody"}

// further is how many calls of DynamoDB a lookup makes in addition to those that Prime makes for a person: the counts
// by address and by email, the index of emails, and the entry recorded under its key.
const further = 4

// Prime makes the reads of a lookup for a person who is on no register, as many concurrently as a lookup makes calls,
// and checks and compares that person meanwhile. So before the first lookup the connections are open and everything
// that is made at its first use exists. It writes nothing and logs nothing.
func (s *Service) Prime(ctx context.Context) error {
	born, _ := teacher.NewDate(1900, 1, 1)
	nino, _ := teacher.ParseNINO(stranger.NINO)
	person := matching.Person{First: stranger.FirstName, Last: stranger.LastName, DateOfBirth: born, NINO: nino}
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
	query, _ := stranger.Check(teacher.LondonDate(s.Clock()))
	record := teacher.Record{Status: teacher.Active, Name: teacher.Name{First: query.FirstName, Last: query.LastName}, DateOfBirth: query.DateOfBirth,
		NINO: query.NINO, Email: query.Email.Key()}
	_, err := guess.Decide(query.Person(), []teacher.Record{record}, guess.NewTried(nil), func(more []guess.Entry) (guess.Tried, error) {
		return guess.NewTried(more), nil
	})
	return errors.Join(err, reads.Wait())
}
