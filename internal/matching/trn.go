package matching

import (
	"slices"

	"losttrn/internal/teacher"
)

// trnAgrees reports whether the TRN that the person offered is the record's own or one of its former ones, and is not
// one that administrators make up.
func trnAgrees(offered teacher.TRN, r *teacher.Record) bool {
	return !offered.IsZero() && !offered.MadeUp() && (offered == r.TRN || slices.Contains(r.FormerTRNs, offered))
}
