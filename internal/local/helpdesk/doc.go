// Package helpdesk reads and changes what the service holds about a person, for the helpdesk and the engineer on call:
// it tells the story of a lookup in words, records what they did, has an email or a lookup judged again, and erases
// data.
//
// Everything is read by key, with the indexes byReference, byTrn and byEmail of the lookups, byEmail of the requests
// and byFirstTrn of the emails; nothing is scanned, but for RestoreClaims after a table was lost. Each change is made on condition that the item is as it was read,
// and is recorded in the item itself: who, when and why.
//
// The program `helpdesk` (package helpdeskcmd) is the use of it; the local stack's page of lookups tells the same
// stories.
package helpdesk
