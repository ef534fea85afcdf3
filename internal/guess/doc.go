// Package guess makes guessing useless: it silences a kind of evidence of which too many values were tried.
//
// An attacker who guesses one kind of evidence keeps at least two others fixed. So when a lookup, or an early match of
// the form, found nothing, the values given of every other kind are remembered beside each pair of kinds that was
// given. After MaxValues different values of a kind beside a pair that kind is silent beside it, whatever value comes:
// right and wrong guesses have the same outcome. The person herself is not locked out, because the other kinds that she
// knows find her, and a find is never remembered.
//
//	entry.go      what a request is remembered under
//	shelf.go      where it is noted which entries hold anything
//	tried.go      what was read of both
//	silence.go    which kinds are silent beside which pairs, and what is still found
//	candidate.go  what of that is about one record
//
// Entries are filed under the keys of package matching, which whoever agrees with a record shares with it. So any two
// requests that agree with one record on two kinds are counted together when that record would be found, however they
// spell, order, shorten or split the names. A pair of which a request cannot be remembered, because a name of many
// words leaves no room, finds nothing for that request either: otherwise such names would hide guesses. A provider is
// filed by its name: who gives a number is known by the name that the list of providers has for it.
//
// # One read, and seldom a second
//
// A request's own entries follow from what was given, so that they are read beside the register. What they cannot hold
// is what only the record joins: "Ann Smith" and "Ann Jones" share no key that Ann Smith-Jones alone would explain, and
// a key that both shared whatever the last name, of a first name and a provider of thousands, would silence strangers.
// So what was tried beside the other names and providers of a record that would be found counts too. Whether anything was
// is mostly known without asking: it is noted on shelves, which those who agree with one record share but for the one who
// gives both another name and another provider, and which are read with the entries. Only what is noted, or stands on no
// shelf that was read, is read when the record is known, before its number is sent; with the request's own these are
// MaxEntries at the most.
//
// So of the answers to one who tries several names of a record in turn, the one to the right value may take a read longer,
// though it is the same answer.
//
// No read at all after the record is known would need one key for all who agree with a record on two kinds, before anybody
// knows the record. Beside a provider there is none: who gives one name of a record and who gives another, each with a wrong
// date of birth, have nothing in common but the provider, and what all tried beside a provider of thousands is no item.
// What was tried, on `make test-honest` (112,268 lookups by a million people):
//
//	                                           finds that read twice   lost   read and written a visit, found, not found
//	all other names and providers are read            22.4 %           9      8.4, 2.9   11.0, 7.0
//	tries are written beside the record's own names    8.2 %       20 of 11,203
//	nothing but dates of birth are shelves            14.8 %           9
//	as it is                                           1.1 %           9      10.9, 3.5   15.0, 9.5
//
// A find by the date of birth is silenced by first name and day, because matching finds who has married by these: so
// who tries six values beside one first name and one day silences them for others of that name who were born on it.
// They are found by their National Insurance number or TRN. `make test-honest ATTACKED=Sarah` prints what that does.
//
// The package is pure: package limits is the store.
package guess
