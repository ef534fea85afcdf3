// Package second runs the functions, as they are deployed, against moto, an implementation of AWS's services that has
// nothing in common with the local stack's, so that nothing holds only because our own servers allow it. The tables and
// queues are those of the template as SAM translates it. It has no code but tests, which need Python and are built with
// the tag second: `make test-second`.
package second
