// Package loadrate measures the load function as it is deployed, with its own time limit. Small extracts are dropped in
// the local stack's register bucket. In turn the same items are written with bare conditional writes, by as many
// workers on the same server. Then a large extract is dropped twice.
package loadrate
