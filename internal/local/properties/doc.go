// Package properties tests random interleavings of lookups, loads, the helpdesk's commands, redeliveries and crashes
// against a model of the rules, and concurrent claims of one mailbox. The tests run the use cases over the local
// servers: `make test-properties`.
package properties
