package notify_test

import (
	"errors"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// TestTheOwnerIsToldOfAnotherAddressOnly: not where there is none on the record, nor where it is the mailbox that the
// number went to, however that is spelt; and of nothing that is not recorded as found.
func TestTheOwnerIsToldOfAnotherAddressOnly(t *testing.T) {
	for name, test := range map[string]struct {
		owner string
		match bool
		told  bool
	}{
		"another address":           {"owner@example.com", true, true},
		"the same mailbox":          {"ann@example.com", true, false},
		"the same, spelt otherwise": {"ANN+old@Example.com", true, false},
		"no address":                {"", true, false},
		"nothing found":             {"owner@example.com", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newMemory(t)
			w.owner = teacher.Email{}
			if test.owner != "" {
				w.owner = mustEmail(t, test.owner)
			}
			if !test.match {
				w.match = unlocking.Recorded{}
			}
			sent := &capture{}
			err := mailer(w, sent).Deliver(t.Context(), message.Email{LookupID: lookupID, Kind: message.KindOwnerNotice})
			if forged := errors.Is(err, fault.Invalid) && fault.Reason(err) == "not_the_recorded_match"; forged == test.match || test.match && err != nil {
				t.Errorf("delivered: %v", err)
			}
			told := sent.letter.To != ""
			if told != test.told || told && (sent.letter.To != test.owner || len(sent.letter.Values) != 1) {
				t.Errorf("sent to %q with %v", sent.letter.To, sent.letter.Values)
			}
		})
	}
}
