// Package loadcmd is `make load`: it loads a register extract from a file into the local stack of this folder, or
// into a real table.
package loadcmd
