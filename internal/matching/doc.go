// Package matching decides which record of the register, if any, belongs to the person who asks.
//
// Six kinds of evidence count: name, date of birth, National Insurance number, email address, TRN and training
// provider. An active record with at least three kinds that agree is a candidate. One candidate is found;
// of several, the one that agrees on everything that every other agrees on and more; otherwise the helpdesk
// decides. A false match gives one person's number to another, so every rule here prefers to miss.
//
// One rule, one file:
//
//	fold.go        what two spellings of a name have in common
//	firstname.go   when first names agree
//	familyname.go  first words that brothers and sisters share, and that do not tell them apart
//	shortforms.go  which short forms stand for which full names (shortforms.txt)
//	lastname.go    when last names agree
//	name.go        first and last together, in either order, over all names given and recorded
//	provider.go    when training providers agree
//	trn.go         own and former TRNs
//	nino.go        when National Insurance numbers agree, when they speak against, and when neither
//	against.go     what is not enough when evidence speaks against
//	dominance.go   one candidate above all others
//	keys.go        keys under which evidence that agrees is filed, for the limits
//
// The package is pure: it reads values and returns a decision, and knows no clock, network, storage or log.
// A blank is never evidence, on either side.
package matching
