// Package matching decides which record of the register, if any, belongs to the person who asks.
//
// Six kinds of evidence count: name, date of birth, National Insurance number (NINO), email address, TRN and training
// provider. Compared with a record, each agrees, is near, contradicts or is silent; a blank is silent on either side, and
// so is a number that administrators make up. An active record is a candidate if a line of the first table in rules.go
// finds it and no line of the second forbids it. One candidate is found; of several, the one that agrees on everything
// that every other agrees on and more; otherwise the helpdesk decides. A false match gives one person's number to another.
//
//	rules.go       the two tables: who is found, and who never is
//	decide.go      from the records to the decision (dominance.go: one candidate above all others)
//	compare.go     a person and a record, kind by kind
//	date.go, nino.go, trn.go, provider.go
//	               when each agrees, is near or contradicts
//	name.go        first and last together, in either order, over all names given and recorded (recordname.go)
//	sibling.go     when a name that contradicts is what a brother or sister would give
//	firstname.go   when first names agree (familyname.go: first words that brothers and sisters share; shortforms.go,
//	               shortforms.txt: short forms and spellings)
//	lastname.go    when last names agree
//	spelling.go    titles, letters written out, what stands for no name
//	fold.go        what two spellings of a name have in common (folder.go: without memory for each)
//	keys.go        keys under which evidence that agrees is filed, for the limits (namekeys.go: of names, which are read by the functions that
//	               read them for comparison)
//
// The package is pure: it takes values and returns a decision, without a clock, network, storage or log.
package matching
