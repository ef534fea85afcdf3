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

// DateCanDecide reports whether records that share no more than the date of birth can be candidates: without a National
// Insurance number, a TRN or a training provider beside it they cannot.
func (p *Person) DateCanDecide() bool {
	return !p.DateOfBirth.IsZero() && (p.NINO.Body() != "" || !p.TRN.IsZero() && !p.TRN.MadeUp() || !p.Provider.IsZero())
}

// matcher is a person made ready for comparison with many records: everything is folded once. It is not safe
// for concurrent use, because it folds the records' texts into memory of its own.
type matcher struct {
	person   Person
	nino     string // the eight characters that are compared
	name     givenName
	provider providerKey
	folder
}

func newMatcher(p Person) *matcher {
	return &matcher{person: p, nino: p.NINO.Body(), name: newGivenName(p), provider: newProviderKey(p.Provider)}
}
