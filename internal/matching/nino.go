package matching

import (
	"strings"

	"losttrn/internal/teacher"
)

// ninoAgrees tells whether two National Insurance numbers are the same. A temporary number is no evidence: it is
// made of the date of birth and the sex, so that it would count the date of birth twice, and everybody born on
// that day shares it.
func ninoAgrees(a, b teacher.NINO) bool {
	return !a.IsZero() && a == b && !strings.HasPrefix(a.Normalised(), "TN")
}

// ninoDiffers tells whether both numbers are known and are not the same.
func ninoDiffers(a, b teacher.NINO) bool { return !a.IsZero() && !b.IsZero() && a != b }
