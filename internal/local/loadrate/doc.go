// Package loadrate measures the load function as it is deployed, with its own time limit: a large extract is dropped in
// the local stack's register bucket twice, and the same items are then written by nothing but conditional writes, side
// by side with as many workers, on the same server.
package loadrate
