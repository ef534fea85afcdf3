// Package queue carries messages between the functions over SQS: the senders, and the handler of
// batches with partial failures.
//
//	matches.fifo  lookup → unlock   group: digest of the email key     deduplication: lookup id
//	emails.fifo   → notify          group: lookup id                   deduplication: <lookup id>-<kind>
//
// A message that can never succeed is sent to the dead-letter queue by the handler itself, its body unchanged,
// with the attributes `reason` (a code) and `source` (the queue's name), and counts as handled, so that nothing
// else of its group or batch waits for it. Only transient failures are returned for retry.
package queue
