// Package matcheval measures matching: how many people each rule finds, and how many it takes for somebody else.
//
// It makes a register of synthetic people and lookups of known kinds from it, from a seed, and puts three rules
// side by side over the same index and the same reads: the incumbent's, ours, and ours helped by a
// Fellegi–Sunter score whose weights are estimated on a register and lookups of another seed.
//
//	names.go      the names of the synthetic people (names.txt, shortforms.txt)
//	register.go   the register: families, twins, two records of one person, shared mailboxes
//	lookups.go    the lookups by people of the register, by kind of error (errors.go)
//	impostors.go  the lookups by people who are not in it but resemble someone who is
//	index.go      candidates by key only, and the capacity that reading them takes
//	incumbent.go  the incumbent's rule
//	score.go      the score: what is compared (compare.go, jarowinkler.go), its weights and threshold (train.go)
//	judge.go      what counts as found, as a false match, and as evidence that itself points at the wrong person
//	run.go        the run, its counts, and what must hold (assert.go)
//	trial.go      the score behind our rule on further registers, at several margins (margins.go)
//	conclude.go   what follows from it all: whether the score becomes the rule
//	table.go      the printed tables
//	febrl.go      the same on the public FEBRL data sets
package matcheval
