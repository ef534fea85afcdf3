package unlocking

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/matching"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/teacher"
)

// Snapshot is an account as a store read it, for a write on the condition that it still is so. What that write
// compares is the store's own.
type Snapshot interface {
	// Account returns what the rules judge.
	Account() teacher.Account
}

// Recorded is the journal's entry of a match. It takes precedence over a message: a recorded match never gets another
// TRN or email.
type Recorded struct {
	TRN      teacher.TRN
	Email    teacher.Email
	Evidence []string // the kinds that agreed with the record of that TRN
	Decision Decision // zero: none yet
}

// ErrAccountChanged says that an account is no longer as it was read, so that nothing was written.
var ErrAccountChanged = fmt.Errorf("account changed: %w", fault.Conflict)

// Accounts reads the accounts of the register.
type Accounts[S Snapshot] interface {
	// Account reads the account of a TRN as it is now. A record that does not exist has the TRN and nothing else.
	Account(ctx context.Context, trn teacher.TRN) (S, error)
}

// Journal is the record of lookups.
type Journal[S Snapshot] interface {
	// RecordMatch records a match unless one is recorded under its lookup id, and returns what is recorded.
	RecordMatch(ctx context.Context, match message.Match) (Recorded, error)
	// RecordUnlock unlocks the account and records the decision "unlocked", both or neither, on condition that the
	// account is as in the snapshot and no decision is recorded. It returns the recorded decision, which is an earlier
	// one if there was one. It fails with ErrAccountChanged if the account has changed.
	RecordUnlock(ctx context.Context, lookupID string, account S, at time.Time) (Decision, error)
	// RecordDecision records a decision that changes no account, unless one is recorded, and returns the recorded one.
	RecordDecision(ctx context.Context, lookupID string, decision Decision, at time.Time) (Decision, error)
}

// EmailUses is the record of which TRNs each email has found.
type EmailUses interface {
	// Claim records that an email found a TRN, and returns every TRN that it has found, this one included.
	Claim(ctx context.Context, email teacher.Email, trn teacher.TRN, lookupID string, at time.Time) ([]teacher.TRN, error)
}

// Emails takes the emails to be sent.
type Emails interface {
	SendEmail(ctx context.Context, email message.Email) error
}

// Switch reports whether unlocking is switched on.
type Switch interface {
	On(ctx context.Context) (bool, error)
}

// Service is the use case, for stores that read accounts as S. It is safe for concurrent use.
type Service[S Snapshot] struct {
	Accounts  Accounts[S]
	Journal   Journal[S]
	EmailUses EmailUses
	Emails    Emails
	Switch    Switch
	// StrongEvidence asks for evidence that is not open to others before an account is unlocked.
	StrongEvidence bool
	// OwnerNotice says that a notice is sent to the address on the record if the number was looked up with another one.
	OwnerNotice bool
	Clock       func() time.Time
	Log         *slog.Logger
	// Metrics takes the figures "unlocks", by outcome, and "unlockReasons", by reason. Beside an unlock stands a code of the
	// mailbox's domain.
	Metrics Metrics
	// Secret keys the codes of domains.
	Secret func(context.Context) (string, error)
}

// Metrics takes figures.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
}

// maxJudgements bounds how often an account that keeps changing is judged again before its message is left for
// a later retry.
const maxJudgements = 5

// Process handles a match: it records it, queues the email with the TRN and the owner's notice, claims the email address
// and decides on the unlock unless that is decided, and queues the email about an unlock. Each step is idempotent by
// the lookup id, so that a message may be delivered again after any of them, and ends in the state and the decision of
// one clean run.
func (s *Service[S]) Process(ctx context.Context, match message.Match) error {
	recorded, err := s.Journal.RecordMatch(ctx, match)
	if err != nil {
		return fmt.Errorf("record match: %w", err)
	}
	match.TRN, match.Email, match.Evidence = recorded.TRN, recorded.Email, recorded.Evidence
	// If the record's own email agreed, the TRN goes to its owner alone.
	toOwner := slices.Contains(match.Evidence, string(matching.Email))

	// The TRN is sent whatever happens to the unlock, so it is queued before anything about that is known.
	if err := s.send(ctx, message.KindTRN, match, match.TRN); err != nil {
		return err
	}
	if s.OwnerNotice && !toOwner {
		// It holds neither address: whether there is another on the record is seen when it is sent.
		if err := s.Emails.SendEmail(ctx, message.Email{LookupID: match.LookupID, Kind: message.KindOwnerNotice}); err != nil {
			return fmt.Errorf("queue %s email: %w", message.KindOwnerNotice, err)
		}
	}
	decision := recorded.Decision
	if decision.IsZero() {
		if decision, err = s.decide(ctx, match); err != nil {
			return err
		}
		s.Log.InfoContext(ctx, "unlock decided", "lookupId", match.LookupID, "unlockOutcome", decision.Outcome,
			"unlockReasons", append([]Reason{}, decision.Reasons...))
		s.count(ctx, match.Email.Key(), decision)
	}
	if decision.Outcome != Unlocked {
		return nil
	}
	return s.send(ctx, message.KindUnlocked, match, teacher.TRN{})
}

func (s *Service[S]) count(ctx context.Context, mailbox teacher.EmailKey, decision Decision) {
	outcome := metric.By("outcome", string(decision.Outcome))
	domain := ""
	if decision.Outcome == Unlocked {
		domain = s.domain(ctx, mailbox)
	}
	if domain == "" {
		s.Metrics.Count("unlocks", 1, outcome)
	} else {
		s.Metrics.Count("unlocks", 1, outcome, metric.Beside("domain", domain))
	}
	for _, reason := range decision.Reasons {
		s.Metrics.Count("unlockReasons", 1, metric.By("reason", string(reason)))
	}
}

// decide claims the email, judges the account and records the decision, with the unlock in the same transaction.
func (s *Service[S]) decide(ctx context.Context, match message.Match) (Decision, error) {
	uses, err := s.EmailUses.Claim(ctx, match.Email, match.TRN, match.LookupID, match.MatchedAt)
	if err != nil {
		return Decision{}, fmt.Errorf("claim email: %w", err)
	}
	for range maxJudgements {
		decision, err := s.judge(ctx, match, uses)
		if !errors.Is(err, ErrAccountChanged) {
			return decision, err
		}
	}
	return Decision{}, fault.New(fault.Unavailable, "account_keeps_changing")
}

func (s *Service[S]) judge(ctx context.Context, match message.Match, uses []teacher.TRN) (Decision, error) {
	switchedOn, err := s.Switch.On(ctx)
	if err != nil {
		return Decision{}, fmt.Errorf("read switch: %w", err)
	}
	account, err := s.Accounts.Account(ctx, match.TRN)
	if err != nil {
		return Decision{}, fmt.Errorf("read account: %w", err)
	}
	now := s.Clock()
	decision := Decide(Facts{SwitchedOn: switchedOn, Account: account.Account(), EmailUses: uses,
		Today: teacher.LondonDate(now), Evidence: match.Evidence, Strong: s.StrongEvidence})
	var recorded Decision
	if decision.Outcome == Unlocked {
		recorded, err = s.Journal.RecordUnlock(ctx, match.LookupID, account, now)
	} else {
		recorded, err = s.Journal.RecordDecision(ctx, match.LookupID, decision, now)
	}
	if err != nil {
		return Decision{}, fmt.Errorf("record decision: %w", err)
	}
	return recorded, nil
}

func (s *Service[S]) send(ctx context.Context, kind message.Kind, match message.Match, trn teacher.TRN) error {
	err := s.Emails.SendEmail(ctx, message.Email{LookupID: match.LookupID, Kind: kind, To: match.Email,
		Name: match.Name, TRN: trn})
	if err != nil {
		return fmt.Errorf("queue %s email: %w", kind, err)
	}
	return nil
}
