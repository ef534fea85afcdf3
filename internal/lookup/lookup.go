package lookup

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/matching"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// Outcome is the outcome of a lookup, in the words of the API and the tables.
type Outcome string

// The outcomes of a lookup.
const (
	TRNSent  Outcome = "trn_sent" // exactly one record matched; its TRN is emailed
	NoMatch  Outcome = "no_match" // nothing matched
	Helpdesk Outcome = "helpdesk" // several matched, or too many share the birthday; the helpdesk will look
)

// Why a helpdesk request was made.
const (
	WhyNoMatch         = "no_match"         // the person asked for help after no_match
	WhySeveral         = "several"          // several records matched
	WhyCrowdedBirthday = "crowded_birthday" // more people share the birthday than are read
)

// Request is one lookup.
type Request struct {
	Query Query
	// IdempotencyKey makes the lookup the same as any other with the same key and details; blank, it is a new one.
	IdempotencyKey string
	// Source is the network address that the request came from, for the limits.
	Source string
	// Note is what the person adds to a request to the helpdesk; it has passed CheckNote.
	Note string
}

// Answer is what a person is told about a lookup: never the TRN, never why nothing matched.
type Answer struct {
	LookupID string
	Outcome  Outcome
}

// HelpdeskRequest is a person waiting for the helpdesk.
type HelpdeskRequest struct {
	LookupID    string
	Why         string        // WhyNoMatch, WhySeveral or WhyCrowdedBirthday
	Candidates  []teacher.TRN // the records that matched, if they are why
	Query       Query
	Note        string // what the person added for the helpdesk, if anything
	RequestedAt time.Time
}

// sameAs reports whether two requests give the same details and note.
func (r HelpdeskRequest) sameAs(other HelpdeskRequest) bool {
	return r.Query.SameAs(other.Query) && r.Note == other.Note
}

// Recorded is the journal's entry of a lookup.
type Recorded struct {
	Outcome Outcome // "" if no lookup is recorded
	// Undecided is the match of a lookup that is recorded as TRNSent and whose unlock is not decided yet; nil for any
	// other lookup. It lacks email and name, which the request has.
	Undecided *message.Match
}

// Register finds the records that may belong to a person.
type Register interface {
	// Candidates reads, by key only, the records that share the NINO, email or TRN of a person, or the date of birth where
	// that can decide.
	Candidates(ctx context.Context, p matching.Person) (matching.Candidates, error)
}

// Journal is the record of lookups and of people who wait for the helpdesk.
type Journal interface {
	// Recorded reads what is recorded of a lookup.
	Recorded(ctx context.Context, lookupID string) (Recorded, error)
	// RecordNoMatch records a lookup that matched nothing, unless one with its id is recorded; it gives the
	// recorded outcome.
	RecordNoMatch(ctx context.Context, lookupID string, at time.Time) (Outcome, error)
	// RecordSeveral records a lookup that matched several records together with the request to the helpdesk, or
	// neither if a lookup with its id is recorded; it gives the recorded outcome.
	RecordSeveral(ctx context.Context, request HelpdeskRequest) (Outcome, error)
	// RecordHelpdeskRequest keeps a request, unless one is kept for the lookup; it gives the one that is kept.
	RecordHelpdeskRequest(ctx context.Context, request HelpdeskRequest) (HelpdeskRequest, error)
}

// Queue sends messages to the other functions.
type Queue interface {
	SendMatch(ctx context.Context, match message.Match) error
	// ResendMatch sends a match again, at most once a minute.
	ResendMatch(ctx context.Context, match message.Match, at time.Time) error
	SendEmail(ctx context.Context, email message.Email) error
}

// Providers finds the names of training providers.
type Providers interface {
	// Named returns the name of the provider with a UKPRN, "" if none has it. It caches what it reads for minutes.
	Named(ctx context.Context, ukprn string) (string, error)
}

// Metrics takes figures about the service.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
}

// LimitError is the error for a request beyond a limit. It wraps fault.Throttled.
type LimitError struct {
	Limit Limit
	// RetryAfter is how long until the limit's window ends.
	RetryAfter time.Duration
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("limit exceeded: retry after %s", e.RetryAfter)
}

// Unwrap returns fault.Throttled.
func (e *LimitError) Unwrap() error { return fault.Throttled }

// Service is the use case. It is safe for concurrent use.
type Service struct {
	Register Register
	Journal  Journal
	Queue    Queue
	Limiter  Limiter
	Tries    Tries
	// Providers may be nil; then a provider given by its number has no name.
	Providers Providers
	// Secret keys the ids of lookups with an idempotency key.
	Secret func(context.Context) (string, error)
	Clock  func() time.Time
	Log    *slog.Logger
	// Metrics takes the figures "lookups", by outcome; "earlyMatches", by whether one matched; "tries" that found nothing,
	// by way; kinds "silenced", by kind; "refusals", by limit; and "crowded_birthday", of lookups and early matches.
	Metrics Metrics
	// ExampleNINOs says that NINOs which begin with QQ count, because those of samples and tests do. In production such
	// a number was made up by an administrator or a guide, and does not count.
	ExampleNINOs bool
	// RequestID returns the id of a context's request, for the log. It may be nil.
	RequestID func(context.Context) string
}

func (s *Service) requestID(ctx context.Context) string {
	if s.RequestID == nil {
		return ""
	}
	return s.RequestID(ctx)
}

// Lookup finds the record that a person matches and queues or records the outcome. An error may come before, between or
// after its writes, or mean that only the answer was lost. The same request with the same idempotency key may be
// repeated, and completes them.
func (s *Service) Lookup(ctx context.Context, r Request) (Answer, error) {
	id := NewID()
	if r.IdempotencyKey != "" {
		secret, err := s.Secret(ctx)
		if err != nil {
			return Answer{}, fmt.Errorf("read secret: %w", err)
		}
		id = repeatableID(secret, r.IdempotencyKey, r.Query)
	}
	answer := Answer{LookupID: id}

	var recorded Recorded
	j, err := s.judge(ctx, r, func(ctx context.Context) (err error) {
		if r.IdempotencyKey != "" { // a new id has no record
			recorded, err = s.Journal.Recorded(ctx, id)
		}
		return err
	})
	if err != nil {
		return answer, err
	}

	if recorded.Outcome != "" {
		answer.Outcome, err = s.repeat(ctx, id, recorded, r.Query)
	} else {
		answer.Outcome, err = s.conclude(ctx, id, r.Query, j)
	}
	if err != nil {
		return answer, err
	}
	s.Log.InfoContext(ctx, "lookup", "lookupId", id, "requestId", s.requestID(ctx), "outcome", answer.Outcome, "repeat", recorded.Outcome != "",
		"candidates", len(j.records), "evidence", codes(j.decision.Evidence), "compared", compare(j.person, j.records), "network", j.network)
	s.Metrics.Count("lookups", 1, metric.By("outcome", string(answer.Outcome)))
	return answer, nil
}

// conclude makes the one durable change of a decision.
func (s *Service) conclude(ctx context.Context, id string, q Query, j judgement) (Outcome, error) {
	now, decision := s.Clock(), j.decision
	switch decision.Outcome {
	case matching.Found:
		evidence := make([]string, len(decision.Evidence))
		for i, e := range decision.Evidence {
			evidence[i] = string(e)
		}
		err := s.Queue.SendMatch(ctx, message.Match{LookupID: id, TRN: decision.TRN, Email: q.Email,
			Name: q.FullName(), MatchedAt: now, Evidence: evidence})
		if err != nil {
			return "", fmt.Errorf("queue match: %w", err)
		}
		return TRNSent, nil
	case matching.Several, matching.Crowded:
		why := WhySeveral
		if decision.Outcome == matching.Crowded {
			why = WhyCrowdedBirthday
		}
		outcome, err := s.Journal.RecordSeveral(ctx, HelpdeskRequest{LookupID: id, Why: why,
			Candidates: decision.Candidates, Query: q, RequestedAt: now})
		if err != nil {
			return "", fmt.Errorf("record helpdesk lookup: %w", err)
		}
		return s.repeat(ctx, id, Recorded{Outcome: outcome}, q)
	default:
		// One after the other: a lookup that is recorded is answered from its record when it is repeated, so its values must be
		// stored by then.
		if err := s.remember(ctx, j, "lookup"); err != nil {
			return "", err
		}
		outcome, err := s.Journal.RecordNoMatch(ctx, id, now)
		if err != nil {
			return "", fmt.Errorf("record lookup: %w", err)
		}
		return outcome, nil
	}
}

// repeat repeats, idempotently, the steps of a recorded outcome beyond its record. An undecided match is sent again,
// because its message may have been lost, with the queue or among expired dead letters.
func (s *Service) repeat(ctx context.Context, id string, recorded Recorded, q Query) (Outcome, error) {
	if recorded.Outcome == Helpdesk {
		if err := s.acknowledge(ctx, id, q); err != nil {
			return "", err
		}
	}
	if recorded.Undecided != nil {
		match := *recorded.Undecided
		match.Email, match.Name = q.Email, q.FullName()
		if err := s.Queue.ResendMatch(ctx, match, s.Clock()); err != nil {
			return "", fmt.Errorf("queue match again: %w", err)
		}
		s.Log.InfoContext(ctx, "match sent again", "lookupId", id)
	}
	return recorded.Outcome, nil
}

// Peek reports whether the details given so far match exactly one record already, so that the form need not ask for
// more. It decides as Lookup does, counts against the limits, and remembers values that found nothing, or returns an error that
// wraps ErrNotRemembered.
func (s *Service) Peek(ctx context.Context, source string, q Query) (bool, error) {
	j, err := s.judge(ctx, Request{Query: q, Source: source})
	if err != nil {
		return false, err
	}
	if j.decision.Outcome == matching.NotFound {
		if err := s.remember(ctx, j, "early_match"); err != nil {
			return false, err
		}
	}
	matched := j.decision.Outcome == matching.Found
	s.Log.InfoContext(ctx, "early match", "requestId", s.requestID(ctx), "matched", matched, "candidates", len(j.records), "network", j.network)
	s.Metrics.Count("earlyMatches", 1, metric.By("matched", strconv.FormatBool(matched)))
	return matched, nil
}

// RequestHelp stores a person's details for the helpdesk after their lookup matched nothing. It is idempotent. It
// returns an error that wraps fault.NotFound if there is no such lookup, and fault.Conflict if its outcome was not
// no_match or a request with other details is stored for it. A call for a lookup that matched nothing
// acknowledges the stored request, also if that has other details, so that a repeat makes up for a lost
// acknowledgement.
func (s *Service) RequestHelp(ctx context.Context, lookupID string, r Request) error {
	var recorded Recorded
	reads, readCtx := parallel.UntilFailure(ctx)
	reads.Go(func() error {
		_, err := s.admit(readCtx, r)
		return err
	})
	reads.Go(func() (err error) {
		recorded, err = s.Journal.Recorded(readCtx, lookupID)
		return err
	})
	if err := reads.Wait(); err != nil {
		return fmt.Errorf("read lookup: %w", err)
	}
	switch recorded.Outcome {
	case NoMatch:
	case "":
		return fault.New(fault.NotFound, "unknown_lookup")
	default:
		return fault.New(fault.Conflict, ReasonNotNoMatch)
	}
	request := HelpdeskRequest{LookupID: lookupID, Why: WhyNoMatch, Query: r.Query, Note: r.Note, RequestedAt: s.Clock()}
	kept, err := s.Journal.RecordHelpdeskRequest(ctx, request)
	if err != nil {
		return fmt.Errorf("keep helpdesk request: %w", err)
	}
	if err := s.acknowledge(ctx, lookupID, kept.Query); err != nil {
		return err
	}
	if !request.sameAs(kept) {
		return fault.New(fault.Conflict, ReasonOtherDetails)
	}
	s.Log.InfoContext(ctx, "helpdesk request", "lookupId", lookupID, "requestId", s.requestID(ctx))
	return nil
}

// Why a request to the helpdesk is refused, as reasons of a fault.Conflict.
const (
	ReasonNotNoMatch   = "not_no_match"  // the lookup's outcome was another
	ReasonOtherDetails = "other_details" // a request with other details is kept
)

// acknowledge queues the two emails of a request to the helpdesk, side by side: the ticket, and the acknowledgement to
// the person. Neither holds anything that the person typed but the address.
func (s *Service) acknowledge(ctx context.Context, id string, q Query) error {
	sends := parallel.All()
	for _, email := range []message.Email{
		{LookupID: id, Kind: message.KindHelpdeskRequest, To: q.Email},
		{LookupID: id, Kind: message.KindHelpdeskTicket},
	} {
		sends.Go(func() error { return s.Queue.SendEmail(ctx, email) })
	}
	if err := sends.Wait(); err != nil {
		return fmt.Errorf("queue acknowledgement: %w", err)
	}
	return nil
}
