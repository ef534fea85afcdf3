// Package lookup is the use case behind both faces of the service, the JSON API and the web form: it checks
// what a person gave, finds the one record that it matches, and makes exactly one durable change.
//
// A match is one message to the unlock function, which carries all that follows needs; a lookup that matched
// nothing is one conditional write; several matches are one transaction, which records the lookup and keeps the
// details for the helpdesk. So there is no half-done lookup to repair. Everything read is read in one parallel
// stage, limits included, so a lookup takes two round trips one after the other. (An offered TRN that was merged
// into a record not otherwise reached adds a read; so does a page of an index beyond 1 MB, a record that is found by nothing
// but what has other names or providers than were given, and, once in ten minutes, a provider's number.)
//
// The package knows no AWS: what it needs of stores and queues are the interfaces declared here.
package lookup
