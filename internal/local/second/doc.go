// Package second tests the functions, as they are deployed, against moto, an implementation of AWS's services that is
// independent of the local stack's, so that no test passes only because of the local servers. The tables and queues are
// those of the template as SAM translates it. It contains tests alone, which need Python and are built with the tag
// second: `make test-second`.
package second
