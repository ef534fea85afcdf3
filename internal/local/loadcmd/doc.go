// Package loadcmd implements `make load`: it loads a register extract from a file into the local stack of this folder,
// or into a table in AWS.
package loadcmd
