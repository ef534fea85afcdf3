// Package queue sends messages to SQS queues and handles batches of them with partial failures.
//
//	matches.fifo  lookup → unlock   group: digest of the email key     deduplication: lookup id; <lookup id>-<minute> when sent again
//	emails.fifo   → notify          group: lookup id                   deduplication: <lookup id>-<kind>
//
// The handler sets aside a message that can never be handled: it sends it to the dead-letter queue itself, its body
// unchanged, with the attributes `reason` (a code) and `source` (the queue's name), and counts it as handled, so that
// nothing else of its group or batch waits for it. Only transient failures are returned for retry.
package queue
