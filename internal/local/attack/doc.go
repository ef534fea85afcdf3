// Package attack mounts attacks on the running service, as it is built and with its limits on, and prints the outcome
// of each: tries, TRNs got, accounts unlocked, entries written, log lines. `make test-attack` runs it against a hundred
// victims each; as one of all the tests it runs against a few.
//
// An attacker who keeps two kinds of evidence fixed and tries a third may succeed with one of six values. The tests
// check that no later value succeeds, and that after each attack the victim herself is found at once.
package attack
