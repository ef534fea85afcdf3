// Package unlocking handles matches: it decides whether the account is unlocked, unlocks it, and queues the emails. The
// rules are pure functions of values and a day, in rules.go; the use case around them is in unlocking.go.
package unlocking

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Outcome is the outcome for an account, in the words of the tables and reports.
type Outcome string

// The outcomes of a decision.
const (
	Unlocked  Outcome = "unlocked"   // it was locked, and every rule held
	NotLocked Outcome = "not_locked" // it was not locked, so nothing was written to it
	Refused   Outcome = "refused"    // it was locked, and at least one rule failed
)

// Reason is the code of a rule that failed: the same word in tables, logs and reports.
type Reason string

// The reasons, in the order in which they are listed.
const (
	UnlockingSwitchedOff   Reason = "unlocking_switched_off"
	RecordInactive         Reason = "record_inactive"
	OpenAlert              Reason = "open_alert"
	RecordInDoubt          Reason = "record_in_doubt"
	EmailUsedForAnotherTRN Reason = "email_used_for_another_trn"
	EvidenceOpenToOthers   Reason = "evidence_open_to_others"
)

// Reasons returns every reason, in the order of the rules.
func Reasons() []Reason {
	all := make([]Reason, len(rules))
	for i, rule := range rules {
		all[i] = rule.reason
	}
	return all
}

// Decision is an outcome and every rule that failed. The reasons are recorded for every outcome, so that the repeated
// use of an email is known even where there was nothing to unlock. The zero Decision means that none has been made yet.
type Decision struct {
	Outcome Outcome
	Reasons []Reason
}

// IsZero reports whether no decision is made.
func (d Decision) IsZero() bool { return d.Outcome == "" }

// Facts are the input of the rules.
type Facts struct {
	SwitchedOn bool
	Account    teacher.Account // as read for the write that may follow; the zero Account: the record is gone
	EmailUses  []teacher.TRN   // every TRN that the email has found, this one included
	Today      teacher.Date    // in Europe/London
	Evidence   []string        // the kinds that agreed, in the words of package matching
	Strong     bool            // whether evidence that colleagues do not know is asked for
}

// rules are all that must hold, in the order in which failures are listed.
var rules = []struct {
	reason Reason
	holds  func(Facts) bool
}{
	{UnlockingSwitchedOff, switchedOn},
	{RecordInactive, recordActive},
	{OpenAlert, noOpenAlert},
	{RecordInDoubt, recordNotInDoubt},
	{EmailUsedForAnotherTRN, emailNotUsedForAnother},
	{EvidenceOpenToOthers, evidenceNotOpenToOthers},
}

// Decide judges the facts by every rule.
func Decide(f Facts) Decision {
	var d Decision
	for _, rule := range rules {
		if !rule.holds(f) {
			d.Reasons = append(d.Reasons, rule.reason)
		}
	}
	switch {
	case !f.Account.Locked:
		d.Outcome = NotLocked
	case len(d.Reasons) > 0:
		d.Outcome = Refused
	default:
		d.Outcome = Unlocked
	}
	return d
}

func switchedOn(f Facts) bool { return f.SwitchedOn }

func recordActive(f Facts) bool { return f.Account.Status == teacher.Active }

// noOpenAlert reports whether no alert is open, as teacher.Alert.OpenOn defines it.
func noOpenAlert(f Facts) bool {
	return !slices.ContainsFunc(f.Account.Alerts, func(a teacher.Alert) bool { return a.OpenOn(f.Today) })
}

// recordNotInDoubt reports whether no newer row of the record was rejected by a load: what the row said, an alert perhaps,
// is not known.
func recordNotInDoubt(f Facts) bool { return !f.Account.InDoubt }

// emailNotUsedForAnother reports whether the email found no other TRN, whichever came first: package emailuse leaves out what
// was found before the helpdesk lifted the email's record. The former TRNs of a record that absorbed others are the
// same person's.
func emailNotUsedForAnother(f Facts) bool {
	return !slices.ContainsFunc(f.EmailUses, func(used teacher.TRN) bool {
		return used != f.Account.TRN && !slices.Contains(f.Account.FormerTRNs, used)
	})
}

// evidenceNotOpenToOthers reports whether, where that is asked for, a National Insurance number, a TRN or the record's own
// email agreed: name, date of birth and training provider are known to colleagues and can be looked up.
func evidenceNotOpenToOthers(f Facts) bool {
	return !f.Strong || slices.ContainsFunc(f.Evidence, func(kind string) bool {
		return kind == string(matching.NINO) || kind == string(matching.TRN) || kind == string(matching.Email)
	})
}
