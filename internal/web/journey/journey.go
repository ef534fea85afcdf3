// Package journey is one person's way through the form: the answers so far and what came of them. It lives
// nowhere but in the person's own browser, as a cookie that only the service can read or make.
package journey

import (
	"encoding/hex"
	"fmt"
	"io"

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

// Path is where a question is asked.
func (q Question) Path() string {
	return [questions]string{"/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider"}[q]
}

// Journey is the answers so far and what came of them. The zero Journey has none.
type Journey struct {
	// Key is the single-use key of the journey's submission: the idempotency key of its lookups.
	Key [16]byte
	// Answers are as typed, trimmed; only those of answered questions count.
	Answers lookup.Details
	// NameChanged is the answer to "Have you ever changed your name?".
	NameChanged bool
	// Matched says that the answers match exactly one record already, so that no more need be asked.
	Matched bool
	// Checked says that the person has reached "Check your answers": from then on, every answer leads back there.
	Checked bool
	// LookupID and Outcome are of the lookup made with these very answers; blank, there was none.
	LookupID string
	Outcome  lookup.Outcome
	// HelpRequested says that the helpdesk was asked after that lookup.
	HelpRequested bool

	answered uint8 // one bit for each question
}

// New begins a journey with a key of its own from a source of randomness.
func New(random io.Reader) (Journey, error) {
	var j Journey
	if _, err := io.ReadFull(random, j.Key[:]); err != nil {
		return Journey{}, fmt.Errorf("make submission key: %w", err)
	}
	return j, nil
}

// SubmissionKey is Key as text.
func (j *Journey) SubmissionKey() string { return hex.EncodeToString(j.Key[:]) }

// Answer marks a question as answered. What a lookup with other answers came to no longer counts.
func (j *Journey) Answer(q Question) {
	j.answered |= 1 << q
	j.LookupID, j.Outcome, j.HelpRequested = "", "", false
}

// Answered tells whether a question has been answered; a blank answer to a question that may be left blank is one.
func (j *Journey) Answered(q Question) bool { return j.answered&(1<<q) != 0 }

// Next is the first question not answered; it is false if there is none.
func (j *Journey) Next() (Question, bool) {
	for q := range questions {
		if !j.Answered(q) {
			return q, true
		}
	}
	return 0, false
}

// MayAsk tells whether a question's turn has come: all before it are answered, or the answers are being checked.
func (j *Journey) MayAsk(q Question) bool {
	next, more := j.Next()
	return !more || q <= next || j.Checked
}

// Complete tells whether nothing more need be asked.
func (j *Journey) Complete() bool {
	_, more := j.Next()
	return !more || j.Matched && j.Answered(DateOfBirth)
}
