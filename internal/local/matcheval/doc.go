// Package matcheval measures matching: how many people it finds, and to how many it sends a TRN that is not theirs.
//
// From a seed it generates a register of synthetic people and lookups of known kinds, and compares two rules over the
// same index and the same reads: "any three kinds exact", the rule of the service before this one, and this service's
// rule. The most important count is strict false: a TRN sent to a person whose record it is not, whatever the evidence.
// It is counted by kind of person and printed first, with what agreed, was near and contradicted.
//
//	names.go       the names of the synthetic people (names.txt, shortforms.txt)
//	register.go    the register: families, twins, two records of one person, shared mailboxes (relatives.go)
//	lookups.go     the lookups by people of the register, by kind of error (errors.go, mistyping.go, numbers.go)
//	impostors.go   the lookups by people who are not in it but resemble someone who is
//	index.go       candidates by key only, and the capacity that reading them takes (capacity.go)
//	exact.go       the rules that compare exactly
//	judge.go       what an outcome is worth
//	run.go         the run and its counts
//	strict.go      strict false by kind, and what is held to committed counts (committed.tsv)
//	shares.go      what it comes to at the share that each kind has of real lookups (shares.tsv), and at half and double
//	table.go       the printed tables
//	febrl.go       the same on the public FEBRL data sets
//	score.go       a Fellegi–Sunter score: what is compared (compare.go, jarowinkler.go), its weights and threshold (train.go)
//	veto.go        what that score would do as a veto
package matcheval
