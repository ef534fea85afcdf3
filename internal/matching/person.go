package matching

import "losttrn/internal/teacher"

// Person is what the person who asks has told about themselves. Whatever was not given is zero or blank.
//
// A previous first name and a previous last name may be given separately: every first name given goes with
// every last name given.
type Person struct {
	First, Middle, Last         string
	PreviousFirst, PreviousLast string
	DateOfBirth                 teacher.Date
	NINO                        teacher.NINO
	Email                       teacher.EmailKey
	TRN                         teacher.TRN
	Provider                    teacher.Provider
}

// matcher is a person made ready for comparison with many records: everything is folded once. It is not safe
// for concurrent use, because it folds the records' texts into memory of its own.
type matcher struct {
	person Person
	firsts [2]spelling // current, previous
	lasts  [2]spelling
	// firstsAsLasts are the first names given, but for initials, when they are compared in the other order.
	firstsAsLasts [2]spelling
	provider      providerKey

	firstRoom, lastRoom []byte // for folding a record's names
}

func newMatcher(p Person) *matcher {
	m := &matcher{person: p, provider: newProviderKey(p.Provider)}
	m.firsts[0] = newSpelling(p.First, p.Middle)
	m.firsts[1] = newSpelling(p.PreviousFirst, "")
	m.lasts[0] = newSpelling(p.Last, "")
	m.lasts[1] = newSpelling(p.PreviousLast, "")
	for i, first := range m.firsts {
		if !onlyInitials(first.text) {
			m.firstsAsLasts[i] = first
		}
	}
	return m
}
