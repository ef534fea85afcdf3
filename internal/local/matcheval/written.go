package matcheval

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// asWritten is our rule without forgiving a slip in a National Insurance number: any number that differs speaks against
// a record that agrees on name, date of birth and provider alone.
func asWritten(p *matching.Person, records []teacher.Record) matching.Decision {
	d := matching.Decide(*p, records)
	if d.Outcome == matching.NotFound || p.NINO.IsZero() {
		return d
	}
	kept := slices.DeleteFunc(slices.Clone(records), func(r teacher.Record) bool {
		return !r.NINO.IsZero() && r.NINO != p.NINO && slices.Equal(matching.Explain(*p, r).Agreed, []matching.Evidence{matching.Name, matching.DateOfBirth, matching.Provider})
	})
	return matching.Decide(*p, kept)
}
