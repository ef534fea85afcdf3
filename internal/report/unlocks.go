package report

import (
	"context"
	"time"

	"losttrn/internal/report/csvfile"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
	"losttrn/internal/report/summary"
	"losttrn/internal/teacher"
)

var unlocksHeader = []string{"Received (UTC)", "Received (London)", "Lookup id", "TRN", "Email", "Outcome", "Reasons",
	"Unlocked at (UTC)", "Unlocked at (London)"}

// lookupItem is an item of the lookups table while it is read, in buffers that are used again.
type lookupItem struct {
	id, receivedAt, outcome, trn, email, unlockOutcome, decidedAt []byte
	reasons                                                       []string
	expiresAt                                                     expiry

	key, row []byte
}

func (l *lookupItem) reset() {
	for _, field := range []*[]byte{&l.id, &l.receivedAt, &l.outcome, &l.trn, &l.email, &l.unlockOutcome, &l.decidedAt} {
		*field = (*field)[:0]
	}
	l.reasons = l.reasons[:0]
	l.expiresAt = 0
}

func (l *lookupItem) attribute(d *dynamojson.Decoder, name []byte) error {
	switch string(name) {
	case "lookupId":
		return keep(&l.id, d)
	case "receivedAt":
		return keep(&l.receivedAt, d)
	case "outcome":
		return keep(&l.outcome, d)
	case "trn":
		return keep(&l.trn, d)
	case "email":
		return keep(&l.email, d)
	case "unlockOutcome":
		return keep(&l.unlockOutcome, d)
	case "decidedAt":
		return keep(&l.decidedAt, d)
	case "unlockReasons":
		return d.Strings(func(reason []byte) { l.reasons = append(l.reasons, string(reason)) })
	case "expiresAt":
		return l.expiresAt.read(d)
	}
	return d.Skip()
}

func (m *making) readLookups(ctx context.Context) error {
	return m.read(ctx, dataset.Lookups, func(d *dynamojson.Decoder) (func([]byte) error, func() error) {
		var item lookupItem
		return func(name []byte) error { return item.attribute(d, name) }, func() error {
			defer item.reset()
			return m.lookup(&item)
		}
	})
}

func (m *making) lookup(l *lookupItem) error {
	if len(l.id) == 0 {
		return lacks("lookupId")
	}
	received, err := timeAt("receivedAt", l.receivedAt)
	if err != nil {
		return err
	}
	if m.future(received) {
		return dataset.Unusable("its receivedAt is after the export")
	}
	if l.expiresAt.passed(m.at) {
		return nil
	}
	outcome := summary.Outcome(l.outcome)
	switch outcome {
	case summary.Found:
	case summary.NotFound, summary.Helpdesk:
		if m.window.holds(received) {
			m.count(received, outcome)
		}
		return nil
	default:
		return dataset.Unusable("its outcome is none of trn_sent, no_match and helpdesk")
	}
	if len(l.trn) == 0 {
		return lacks("trn")
	}
	if len(l.email) == 0 {
		return lacks("email")
	}
	if err := m.claim(l); err != nil {
		return err
	}
	if !m.window.holds(received) {
		return nil
	}
	return m.unlock(l, received)
}

// unlock makes the row of a matched lookup and counts it.
func (m *making) unlock(l *lookupItem, received time.Time) error {
	outcome := summary.UnlockOutcome(l.unlockOutcome)
	var unlockedUTC, unlockedLondon string
	switch outcome {
	case "":
		outcome = summary.Pending // the match is still in the queue
	case summary.Unlocked:
		// The decision is written with the unlock, in one transaction.
		if len(l.decidedAt) > 0 {
			at, err := timeAt("decidedAt", l.decidedAt)
			if err != nil {
				return err
			}
			unlockedUTC, unlockedLondon = utc(at), london(at)
		}
	case summary.NotLocked, summary.Refused:
	default:
		return dataset.Unusable("its unlockOutcome is none of unlocked, not_locked and refused")
	}
	at := utc(received)
	l.key = append(append(l.key[:0], at...), l.id...)
	l.row = csvfile.AppendRow(l.row[:0], at, london(received), string(l.id), string(l.trn), string(l.email),
		string(outcome), list(l.reasons), unlockedUTC, unlockedLondon)
	if err := m.unlocks.Add(l.key, l.row); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Lookup(teacher.LondonDate(received), summary.Found)
	m.figures.Unlock(outcome, l.reasons)
	return nil
}

func (m *making) count(received time.Time, outcome summary.Outcome) {
	day := teacher.LondonDate(received)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Lookup(day, outcome)
}

func (m *making) writeUnlocks() error {
	return m.csv(UnlocksFile, unlocksHeader, func(row func([]byte) error) error {
		return m.unlocks.Each(func(_, value []byte) error { return row(value) })
	})
}
