// Package loadrate measures the load function as it is deployed, with its own time limit. Small extracts are dropped in the
// local stack's register bucket, and in turn the same items are written by nothing but conditional writes, side by side
// with as many workers, on the same server; then a large extract is dropped twice.
package loadrate
