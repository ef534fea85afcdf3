// Package journey keeps one person's answers and their outcome on the way through the form. A journey is stored only in
// the person's own browser, as a cookie that only the service can read or make.
package journey

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"losttrn/internal/lookup"
)

// Question is one of the form's questions, in the order in which they are asked.
type Question uint8

// The questions.
const (
	Email Question = iota
	Name
	DateOfBirth
	NINO
	TrainingProvider
	questions // how many there are
)

// Path returns where a question is asked.
func (q Question) Path() string {
	return [questions]string{"/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider"}[q]
}

// NameChange is the answer to "Have you ever changed your name?".
type NameChange uint8

// The answers to it. NameChangeUnanswered is also that of a person who was not asked.
const (
	NameChangeUnanswered NameChange = iota
	NameChanged
	NameNotChanged
	NameChangeNotSaid // "Prefer not to say"
	nameChanges       // how many there are
)

// Journey holds the answers so far and their outcome. The zero Journey has none.
type Journey struct {
	// Key is the single-use key of the journey's submission: the idempotency key of its lookups.
	Key [16]byte
	// Began is when the journey began, in seconds since 1970.
	Began int64
	// Answers are the answers as typed, trimmed. Only those of answered questions count.
	Answers lookup.Details
	// NameChange is the answer to "Have you ever changed your name?".
	NameChange NameChange
	// Matched says that the answers match exactly one record already, so that no further question is needed.
	Matched bool
	// Checked says that the person has reached "Check your answers": from then on, every answer leads back there.
	Checked bool
	// LookupID and Outcome are those of the lookup with exactly these answers; blank if there was none.
	LookupID string
	Outcome  lookup.Outcome
	// HelpRequested says that the helpdesk was asked after that lookup.
	HelpRequested bool
	// Unchanged says that the answers matched nothing and were submitted again without a change.
	Unchanged bool
	// Sent says that an earlier lookup of this journey found a TRN, and SentTo is the address that it was sent to, if
	// there was room for it in the cookie.
	Sent   bool
	SentTo string
	// Completed says that the journey was counted as completed.
	Completed bool

	answered uint8 // one bit for each question
}

// New begins a journey with a key of its own from a source of randomness.
func New(random io.Reader, now time.Time) (Journey, error) {
	j := Journey{Began: now.Unix()}
	if _, err := io.ReadFull(random, j.Key[:]); err != nil {
		return Journey{}, fmt.Errorf("make submission key: %w", err)
	}
	return j, nil
}

// SubmissionKey returns Key as text.
func (j *Journey) SubmissionKey() string { return hex.EncodeToString(j.Key[:]) }

// Empty reports whether nothing has been answered yet.
func (j *Journey) Empty() bool { return j.answered == 0 }

// Answer marks a question as answered. If the answers changed, the outcome of an earlier lookup no longer counts.
func (j *Journey) Answer(q Question, changed bool) {
	j.answered |= 1 << q
	if !changed {
		return
	}
	j.LookupID, j.Outcome, j.HelpRequested, j.Unchanged = "", "", false, false
}

// Conclude records the outcome of the lookup with the current answers.
func (j *Journey) Conclude(lookupID string, outcome lookup.Outcome) {
	j.LookupID, j.Outcome, j.Unchanged = lookupID, outcome, false
	if outcome == lookup.TRNSent {
		j.Sent, j.SentTo = true, j.Answers.Email
	}
}

// Answered reports whether a question has been answered; a blank answer to a question that may be left blank is one.
func (j *Journey) Answered(q Question) bool { return j.answered&(1<<q) != 0 }

// Next returns the first question that is not answered, and false if there is none.
func (j *Journey) Next() (Question, bool) {
	for q := range questions {
		if !j.Answered(q) {
			return q, true
		}
	}
	return 0, false
}

// MayAsk reports whether a question may be asked: all questions before it are answered, or the answers are being
// checked.
func (j *Journey) MayAsk(q Question) bool {
	next, more := j.Next()
	return !more || q <= next || j.Complete()
}

// Complete reports whether no further question is needed.
func (j *Journey) Complete() bool {
	_, more := j.Next()
	return !more || j.Matched && j.Answered(DateOfBirth)
}

// Life returns how long the answers are kept from now. It is shorter after the end of the journey, when they are kept
// only so that a slip in the address can be corrected.
func (j *Journey) Life() time.Duration {
	if j.Outcome == lookup.TRNSent || j.Outcome == lookup.Helpdesk || j.HelpRequested {
		return LifeAfterResult
	}
	return Life
}
