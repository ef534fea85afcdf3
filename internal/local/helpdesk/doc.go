// Package helpdesk is what the helpdesk and the engineer on call do with what the service holds about a person: read
// it as a story in words, mark what they did, let an email or a lookup be judged anew, and erase.
//
// Everything is read by key, with the indexes byReference, byTrn and byEmail of the lookups, byEmail of the requests
// and byFirstTrn of the emails; nothing is scanned, but for RestoreClaims after a table was lost. Each change is made on condition that the item is as it was read,
// and is recorded in the item itself: who, when and why.
//
// The program `helpdesk` (package helpdeskcmd) is the use of it; the local stack's page of lookups tells the same
// stories.
package helpdesk
