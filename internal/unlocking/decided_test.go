package unlocking_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
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
