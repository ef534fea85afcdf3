// Package properties holds tests that let everything happen in any order: random interleavings of lookups, loads, the
// helpdesk's commands, redeliveries and crashes against a model of the rules, and claims of one mailbox at once. They run
// the use cases over the local servers: `make test-properties`.
package properties
