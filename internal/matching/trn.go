package matching

import (
	"slices"

	"losttrn/internal/teacher"
)

// compareTRNs compares the TRN that the person offered with the record's own and its former ones. Another one, and one
// that administrators make up, say nothing.
func compareTRNs(offered teacher.TRN, r *teacher.Record) likeness {
	if !offered.IsZero() && !offered.MadeUp() && (offered == r.TRN || slices.Contains(r.FormerTRNs, offered)) {
		return agrees
	}
	return silent
}
