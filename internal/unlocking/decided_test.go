package unlocking_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/register"
	"losttrn/internal/unlocking"
)

// broken is a switch that cannot be read.
type broken struct{ err error }

func (b broken) On(context.Context) (bool, error) { return false, b.err }

// TestASwitchThatCannotBeReadIsNotOff: nothing is decided, so that the message is delivered again; "switched off" would stand
// for ever.
func TestASwitchThatCannotBeReadIsNotOff(t *testing.T) {
	w := newFixture(t, 1)
	found, whole := w.teacher(nil), w.service.Switch
	m := w.match(found, w.newEmail())
	unreadable := errors.New("not allowed")
	w.service.Switch = broken{unreadable}
	if err := w.service.Process(t.Context(), m); !errors.Is(err, unreadable) {
		t.Errorf("%v", err)
	}
	w.wantDecision(m, "[]")
	w.wantLocked(found, true)
	w.service.Switch = whole
	w.process(m)
	w.wantDecision(m, "unlocked[]")
	w.wantLocked(found, false)
}

// TestADecisionIsLogged once, with the codes of its rules: the log tells a lookup's story.
func TestADecisionIsLogged(t *testing.T) {
	w := newFixture(t, 1)
	w.on.Store(false)
	var log bytes.Buffer
	w.service.Log = slog.New(slog.NewTextHandler(&log, nil))
	m := w.match(w.teacher(nil), w.newEmail())
	for range 2 {
		w.process(m)
	}
	line := `msg="unlock decided" lookupId=` + m.LookupID + ` unlockOutcome=refused unlockReasons=[unlocking_switched_off]`
	if strings.Count(log.String(), line) != 1 {
		t.Errorf("not once: %s", &log)
	}
}

// restless is a journal before whose every unlock the account changes.
type restless struct {
	unlocking.Journal[register.Snapshot]
}

func (restless) RecordUnlock(context.Context, string, register.Snapshot, time.Time) (unlocking.Decision, error) {
	return unlocking.Decision{}, unlocking.ErrAccountChanged
}

// TestAnAccountThatKeepsChangingIsTriedLater: the message stays, and the next delivery decides.
func TestAnAccountThatKeepsChangingIsTriedLater(t *testing.T) {
	w := newFixture(t, 1)
	whole := w.service.Journal
	m := w.match(w.teacher(nil), w.newEmail())
	w.service.Journal = restless{whole}
	if err := w.service.Process(t.Context(), m); !errors.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	w.wantDecision(m, "[]")
	w.service.Journal = whole
	w.process(m)
	w.wantDecision(m, "unlocked[]")
}
