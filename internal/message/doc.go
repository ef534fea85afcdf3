// Package message defines the messages that the functions send one another over queues, their version, and the format
// of times in messages and tables. It is pure; package queue sends and receives them.
//
//	match  lookup → unlock           on matches.fifo
//	email  lookup, unlock → notify   on emails.fifo
package message
