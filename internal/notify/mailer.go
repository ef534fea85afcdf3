package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/unlocking"
)

// Journal records when the emails of a lookup were sent.
type Journal interface {
	// Email returns the recorded match of a lookup, zero if it is none, and reports whether an email of a kind is
	// recorded as sent for it.
	Email(ctx context.Context, lookupID string, kind message.Kind) (match unlocking.Recorded, sent bool, err error)
	// RecordEmailSent records when an email of a kind was sent, unless a time is recorded.
	RecordEmailSent(ctx context.Context, lookupID string, kind message.Kind, at time.Time) error
}

// Post is a mail provider. *Client implements it for GOV.UK Notify.
type Post interface {
	// Send sends a letter. It returns an error that wraps fault.Invalid if this letter can never be sent.
	Send(ctx context.Context, letter Letter) error
	// FindByReference reports whether a letter with a reference was accepted, and when.
	FindByReference(ctx context.Context, reference string) (taken time.Time, found bool, err error)
}

// Mailer sends each email once.
type Mailer struct {
	Journal  Journal
	Requests Requests
	Owners   Owners
	Post     Post
	Desk     Desk
	Clock    func() time.Time
	Log      *slog.Logger
	Metrics  *metric.Recorder
}

// Process sends the email that a record of the queue asks for.
func (m *Mailer) Process(ctx context.Context, record events.SQSMessage) error {
	email, err := message.ParseEmail(record.Body)
	if err != nil {
		return err
	}
	return m.Deliver(ctx, email)
}

// Deliver sends an email, unless it was sent before, and records the time. It is idempotent, even after a crash at any
// point: before it sends an email without a recorded time, it asks the provider for its reference.
func (m *Mailer) Deliver(ctx context.Context, email message.Email) error {
	log := m.Log.With("lookupId", email.LookupID, "kind", string(email.Kind))
	match, sent, err := m.Journal.Email(ctx, email.LookupID, email.Kind)
	if err != nil {
		return err
	}
	if sent {
		log.InfoContext(ctx, "email not sent again", "code", "recorded_as_sent")
		return nil
	}
	if forged(email, match) {
		return fault.New(fault.Invalid, "not_the_recorded_match")
	}
	letter, err := m.compose(ctx, email, match)
	if errors.Is(err, fault.NotFound) {
		log.InfoContext(ctx, "email not sent", "code", fault.Reason(err))
		return nil
	}
	if err != nil {
		return err
	}
	at, found, err := m.Post.FindByReference(ctx, email.Reference())
	if err != nil {
		return err
	}
	if found {
		log.InfoContext(ctx, "email not sent again", "code", "found_at_notify")
	} else {
		if err := m.Post.Send(ctx, letter); err != nil {
			return err
		}
		m.Metrics.Count("emails", 1, metric.By("kind", string(email.Kind)))
		log.InfoContext(ctx, "email sent", "code", "sent")
	}
	if at.IsZero() {
		at = m.Clock()
	}
	return m.Journal.RecordEmailSent(ctx, email.LookupID, email.Kind, at)
}

// forged reports whether an email does not belong to a recorded match. A TRN is only sent to the person whose lookup is
// recorded to have found it, and no owner notice is sent for a lookup that found nothing. Other kinds are not checked.
func forged(email message.Email, match unlocking.Recorded) bool {
	switch email.Kind {
	case message.KindTRN:
		return match.TRN != email.TRN || match.Email.Address() != email.To.Address()
	case message.KindOwnerNotice:
		return match.TRN.IsZero()
	}
	return false
}
