package lookup

import (
	"context"
	"errors"
	"fmt"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/metric"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// Limiter limits how many requests come from one source address and for one email.
type Limiter interface {
	// Admit counts a request, or refuses it with a *LimitError and counts nothing.
	Admit(ctx context.Context, source string, email teacher.EmailKey) error
	// Network returns an HMAC of the network that a request came from, for the log.
	Network(ctx context.Context, source string) (string, error)
}

// Tries stores the values of requests that found nothing.
type Tries interface {
	// Tried reads the values tried under each of the entries, and the notes of the shelves.
	Tried(ctx context.Context, entries []guess.Entry, shelves []guess.Shelf) (guess.Tried, error)
	// Remember adds the values that a request tried, by kind, under the entries that were read for it.
	Remember(ctx context.Context, read guess.Tried, values map[matching.Evidence]string) error
}

// Guard is a Limiter and a Tries.
type Guard interface {
	Limiter
	Tries
}

// Limit is what a limit counts, in the words of logs and metrics.
type Limit string

// The limits.
const (
	LimitAddress Limit = "address"
	LimitEmail   Limit = "email"
)

// judgement is what was read for a request, and the decision on it.
type judgement struct {
	person   matching.Person
	records  []teacher.Record
	decision matching.Decision
	tried    guess.Tried // under the request's own entries
	silent   []matching.Evidence
	network  string
}

// judge reads everything that a decision needs concurrently, and decides. The functions in alongside run at the same time.
// One more read follows if the record can only be found by a pair of kinds under which it has further names, providers
// or TRNs, and something may have been tried under those: see package guess.
func (s *Service) judge(ctx context.Context, r Request, alongside ...func(context.Context) error) (judgement, error) {
	person, err := s.person(ctx, r.Query)
	if err != nil {
		return judgement{}, err
	}
	j := judgement{person: person}
	var found matching.Candidates
	entries := guess.Entries(j.person)
	reads, readCtx := parallel.UntilFailure(ctx)
	reads.Go(func() (err error) {
		j.network, err = s.admit(readCtx, r)
		return err
	})
	reads.Go(func() (err error) {
		found, err = s.Register.Candidates(readCtx, j.person)
		return err
	})
	reads.Go(func() (err error) {
		j.tried, err = s.Tries.Tried(readCtx, entries, guess.Shelves(entries))
		return err
	})
	for _, read := range alongside {
		reads.Go(func() error { return read(readCtx) })
	}
	if err := reads.Wait(); err != nil {
		return judgement{}, fmt.Errorf("read candidates: %w", err)
	}
	j.records = s.withoutExamples(found.Records)
	verdict, err := guess.Decide(j.person, j.records, j.tried, func(more []guess.Entry) (guess.Tried, error) { return s.Tries.Tried(ctx, more, nil) })
	if err != nil {
		return judgement{}, fmt.Errorf("read what was tried: %w", err)
	}
	j.silent = verdict.Silent
	if j.decision = found.Settle(verdict.Decision); j.decision.Outcome == matching.Crowded {
		s.Metrics.Count("crowded_birthday", 1)
	}
	for _, kind := range j.silent {
		s.Log.InfoContext(ctx, "kind silenced", "requestId", s.requestID(ctx), "kind", kind, "network", j.network)
		s.Metrics.Count("silenced", 1, metric.By("kind", string(kind)))
	}
	return j, nil
}

// admit counts a request against the limits, and returns an HMAC of its network.
func (s *Service) admit(ctx context.Context, r Request) (string, error) {
	network, err := s.Limiter.Network(ctx, r.Source)
	if err != nil {
		return "", fmt.Errorf("read secret: %w", err)
	}
	err = s.Limiter.Admit(ctx, r.Source, r.Query.Email.Key())
	if limit, refused := errors.AsType[*LimitError](err); refused {
		s.Log.InfoContext(ctx, "refused", "requestId", s.requestID(ctx), "limit", limit.Limit, "network", network)
		s.Metrics.Count("refusals", 1, metric.By("limit", string(limit.Limit)))
	}
	return network, err
}

// ErrNotRemembered is the error of a request that found nothing and whose values could not be stored. It must not be answered
// as one that found nothing: a right value needs no write, so a guesser would be told right from wrong for as long as
// writes fail.
var ErrNotRemembered = errors.New("values tried were not stored")

// remember stores the values of a request that found nothing, or returns an error that wraps ErrNotRemembered. A find is
// never stored.
func (s *Service) remember(ctx context.Context, j judgement, way string) error {
	if err := s.Tries.Remember(ctx, j.tried, guess.Values(j.person)); err != nil {
		return fmt.Errorf("%w: %w", ErrNotRemembered, err)
	}
	s.Metrics.Count("tries", 1, metric.By("way", way))
	return nil
}
