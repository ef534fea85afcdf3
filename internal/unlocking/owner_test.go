package unlocking_test

import (
	"slices"
	"testing"
)

// TestTheOwnerIsToldWhereTheirEmailDidNotAgree: once a lookup, whatever becomes of the account, and not where it is
// switched off.
func TestTheOwnerIsToldWhereTheirEmailDidNotAgree(t *testing.T) {
	w := newFixture(t, 1)
	for name, test := range map[string]struct {
		evidence []string
		off      bool
		want     bool
	}{
		"the record's email agreed": {[]string{"name", "date_of_birth", "email"}, false, false},
		"it did not":                {[]string{"name", "date_of_birth", "training_provider"}, false, true},
		"switched off":              {[]string{"name", "date_of_birth", "training_provider"}, true, false},
	} {
		w.run(name, func(t *testing.T) {
			w.service.OwnerNotice = !test.off
			m := w.match(w.teacher(nil), w.newEmail())
			m.Evidence = test.evidence
			w.process(m)
			w.process(m)
			want := []string{m.LookupID + "-trn", m.LookupID + "-unlocked"}
			if test.want {
				want = append([]string{m.LookupID + "-owner_notice"}, want...)
			}
			if got := w.queued(); !slices.Equal(got, want) {
				t.Errorf("emails: %v, want %v", got, want)
			}
		})
	}
}
