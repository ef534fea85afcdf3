// Package endtoend tests every promise from the outside: it sends requests to the HTTP endpoint of a whole local stack,
// with the functions' real binaries over the real protocols of DynamoDB, SQS and GOV.UK Notify, and checks the outcome
// in the outbox and the tables. It contains tests alone.
package endtoend
