// Package endtoend tests every promise from the outside: it goes in at the HTTP endpoint of a whole local stack,
// the functions' real binaries over the real protocols of DynamoDB, SQS and GOV.UK Notify, and looks at the outcome
// at the far end, in the outbox and the tables. It has no code but tests.
package endtoend
