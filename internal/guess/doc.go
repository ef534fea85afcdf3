// Package guess keeps guessing from finding anybody.
//
// Whoever guesses one kind of evidence keeps at least two others fixed. So when a lookup, or an early match of the
// form, found nothing, the values given of every other kind are remembered beside each pair of kinds that was given.
// After Enough different values of a kind beside a pair that kind is silent beside it, whatever value comes: right and
// wrong guesses come to the same. Nobody is locked out, because the person herself is found by the other kinds that
// she knows, and a find is never remembered.
//
//	entry.go    what a request is remembered under, and what a record is judged by
//	silence.go  which kinds are silent beside which pairs, and what is still found
//
// Entries are filed under the keys of package matching, which whoever agrees with a record shares with it. So any two
// requests that agree with one record on two kinds are counted together when that record would be found, however they
// spell, order, shorten or split the names.
//
// The package is pure: package limits is the store.
package guess
