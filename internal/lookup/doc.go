// Package lookup checks what a person gave, finds the one record that it matches, and makes exactly one durable change.
// It is the use case behind both faces of the service, the JSON API and the web form.
//
// A match is one message to the unlock function, with everything that later steps need. A lookup that matched nothing
// is one conditional write, made after the values tried are stored (see package guess). Several matches are one
// transaction, which records the lookup and keeps the details for the helpdesk. So a lookup is never half recorded.
// Everything read is read in one parallel stage, limits included, so a lookup takes two round trips one after the
// other, and three if nothing matched. (An offered TRN that was merged into a record not otherwise reached adds a read;
// so does a page of an index beyond 1 MB, a record that is found by nothing but what has other names or providers than
// were given, and, once in ten minutes, a provider's number.)
//
// The package does not depend on AWS. It declares the interfaces of the stores and queues that it needs.
package lookup
