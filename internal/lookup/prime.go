package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// invented is a person whose lookup is rehearsed.
var invented = Details{Email: "nobody@example.com", FirstName: "Nobody", LastName: "Invented",
	DateOfBirth: TypedDate{"1", "1", "1980"}, NINO: "QQ123456C", TrainingProvider: "University of Nowhere"}

// further is how many calls of DynamoDB a lookup makes in addition to those that Prime makes for a person: the counts
// by address and by email, the index of emails, and the entry recorded under its key.
const further = 4

// Prime makes the reads of a lookup for a person who is on no register, as many concurrently as a lookup makes calls,
// and meanwhile rehearses a lookup that finds somebody. So before the first lookup the connections are open, and most of
// what is made at its first use exists. It writes nothing and logs nothing.
func (s *Service) Prime(ctx context.Context) error {
	born, _ := teacher.NewDate(1900, 1, 1)
	nino, _ := teacher.ParseNINO("QQ000000A")
	person := matching.Person{First: invented.FirstName, Last: invented.LastName, DateOfBirth: born, NINO: nino}
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
	return errors.Join(rehearse(ctx, s.Clock), reads.Wait())
}

// rehearse makes a lookup that finds the invented person's record, without tables and queues: what it logs and counts is
// dropped, and what it sends is encoded and dropped.
func rehearse(ctx context.Context, clock func() time.Time) error {
	q, problems := invented.Check(teacher.LondonDate(clock()))
	if len(problems) > 0 {
		return fmt.Errorf("the rehearsed lookup is not valid: %v", problems)
	}
	trn, _ := teacher.ParseTRN("1000000")
	a := actor{record: teacher.Record{TRN: trn, Status: teacher.Active, Name: teacher.Name{First: q.FirstName, Last: q.LastName}, DateOfBirth: q.DateOfBirth,
		NINO: q.NINO, Email: q.Email.Key()}}
	service := &Service{Register: a, Queue: a, Limiter: a, Tries: a, Clock: clock, ExampleNINOs: true,
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Metrics: metric.New(io.Discard, "rehearsal", "lookup", clock)}
	answer, err := service.Lookup(ctx, Request{Query: q})
	if err == nil && answer.Outcome != TRNSent {
		err = fmt.Errorf("the rehearsed lookup ended with %s", answer.Outcome)
	}
	return err
}

// actor plays the tables and the queue of a lookup that finds its record; a lookup that makes other calls panics.
type actor struct {
	record teacher.Record
	Queue
	Tries
}

func (a actor) Candidates(context.Context, matching.Person) (matching.Candidates, error) {
	return matching.Candidates{Records: []teacher.Record{a.record}}, nil
}

func (actor) Admit(context.Context, string, teacher.EmailKey) error { return nil }

func (actor) Network(context.Context, string) (string, error) { return "", nil }

func (actor) Tried(_ context.Context, entries []guess.Entry, _ []guess.Shelf) (guess.Tried, error) {
	return guess.NewTried(entries), nil
}

func (actor) SendMatch(_ context.Context, m message.Match) error {
	_ = m.Body()
	return nil
}
