package matching

import (
	"slices"

	"losttrn/internal/teacher"
)

// trnAgrees tells whether the TRN that the person offered is the record's own or one of its former ones.
func trnAgrees(offered teacher.TRN, r *teacher.Record) bool {
	return !offered.IsZero() && (offered == r.TRN || slices.Contains(r.FormerTRNs, offered))
}
