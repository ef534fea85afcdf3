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
// Entries are filed under the keys of package matching: a person who agrees with a record shares a key with it. So any
// two requests that agree with one record on two kinds are counted together when that record would be found, in any
// spelling, order, short form or split of the names. If a name of many words leaves no room for a pair's entries, the
// pair finds nothing for that request; otherwise such names would hide guesses. A provider is filed by its name; for a
// provider given by its number it is the name in the list of providers.
//
// # One read, and seldom a second
//
// A request's own entries follow from the given values, so that they are read concurrently with the register. They do
// not cover tries that only the record connects: "Ann Smith" and "Ann Jones" share no key that Ann Smith-Jones alone
// would explain, and a key that both shared whatever the last name, of a first name and a provider of thousands, would
// silence strangers. So tries beside the other names and providers of a record that would be found count too. Notes on
// shelves, which are read with the entries, show whether there were any. People who agree with one record share a
// shelf, except a person who gives both another name and another provider. Only entries that are noted, or that stand
// on no shelf that was read, are read after the record is known and before its number is sent. With the request's own
// entries they are at most MaxEntries.
//
// So if somebody tries several names of a record in turn, the answer to the right value may take one read longer,
// although it is the same answer.
//
// To avoid the second read, all people who agree with a record on two kinds would need a common key before the record
// is known. Beside a provider there is none: two people who give different names of a record, each with a wrong date of
// birth, have only the provider in common, and all tries beside a provider of thousands do not fit into an item.
// Variants, as `make test-honest` measures them (112,264 lookups by a million people; the second, before names had the
// keys that they have now, 11,203):
//
//	                                           finds that read twice   lost   read and written a visit, found, not found
//	all other names and providers are read            55.5 %          10      9.4, 2.9   11.0, 7.0
//	tries are written beside the record's own names    8.2 %          20
//	nothing but dates of birth are shelves            14.8 %           3      10.3, 3.5   13.5, 8.1
//	as it is                                           1.2 %           2      10.9, 3.5   15.1, 9.5
//
// A find by date of birth and first name, by which matching finds people who have married, is silenced by first name
// and day. So six values of a kind tried beside one first name and one day silence that kind for other people with that
// first name and birthday. They are found by their National Insurance number or TRN.
// `make test-honest ATTACKED=Sarah` prints the effect.
//
// The package is pure: package limits is the store.
package guess
