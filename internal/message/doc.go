// Package message is what the functions say to each other: the messages on the queues, their version, and how times
// are written in messages and tables. It is pure; package queue carries the messages.
//
//	match  lookup → unlock   on matches.fifo
//	email  → notify          on emails.fifo
package message
