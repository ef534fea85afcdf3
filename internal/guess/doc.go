// Package guess keeps guessing from finding anybody.
//
// Whoever guesses one kind of evidence keeps at least two others fixed. So when a lookup, or an early match of the
// form, found nothing, the values given of every other kind are remembered beside each pair of kinds that was given.
// After Enough different values of a kind beside a pair that kind is silent beside it, whatever value comes: right and
// wrong guesses come to the same. Nobody is locked out, because the person herself is found by the other kinds that
// she knows, and a find is never remembered.
//
//	entry.go      what a request is remembered under
//	silence.go    which kinds are silent beside which pairs, and what is still found
//	candidate.go  what of that is about one record
//
// Entries are filed under the keys of package matching, which whoever agrees with a record shares with it. So any two
// requests that agree with one record on two kinds are counted together when that record would be found, however they
// spell, order, shorten or split the names. A pair of which a request cannot be remembered, because a name of many
// words leaves no room, finds nothing for that request either: otherwise such names would hide guesses. A provider is
// filed by its name: who gives a number is known by the name that the list of providers has for it.
//
// A request's own entries follow from what was given, so that they are read beside the register. What they cannot hold
// is what only the record joins: "Ann Smith" and "Ann Jones" share no key that Ann Smith-Jones alone would explain, and
// a key that both shared whatever the last name, of a first name and a provider of thousands, would silence strangers.
// So a record that would be found, and is found by nothing but a pair of which it has other names, providers or TRNs
// than were given, asks for what was tried beside those: one further read, of MaxFurther entries at the most, before its
// number is sent. A record with a National Insurance number, TRN or email among what agrees mostly asks for none.
// `make test-honest` prints how many finds read further.
//
// A find by the date of birth is silenced by first name and day, because matching finds who has married by these: so
// who tries six values beside one first name and one day silences them for others of that name who were born on it.
// They are found by their National Insurance number or TRN. `make test-honest ATTACKED=Sarah` prints what that does.
//
// The package is pure: package limits is the store.
package guess
