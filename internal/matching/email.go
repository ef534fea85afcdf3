package matching

import "losttrn/internal/teacher"

// compareEmails compares two mailboxes. Another one says nothing: people have several.
func compareEmails(a, b teacher.EmailKey) likeness {
	if !a.IsZero() && a == b {
		return agrees
	}
	return silent
}
