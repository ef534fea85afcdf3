// Package journal stores the outcome of each lookup and the requests to the helpdesk, in the tables `lookups` and
// `helpdeskRequests`.
//
// The table `lookups`:
//
//	attribute         type      what
//	lookupId          S  key    the lookup
//	reference         S         what the person reads out to the helpdesk; see lookup.Reference
//	receivedAt        S         when it was made; of a match, when it matched
//	outcome           S         trn_sent, no_match or helpdesk
//	trn               S         the TRN found (trn_sent only)
//	email             S         the address as typed (trn_sent only)
//	emailKey          S         its mailbox, teacher.EmailKey (trn_sent only)
//	evidence          L of S    the kinds of evidence that agreed (trn_sent only)
//	name              S         the name as typed, for the helpdesk's reports (trn_sent only)
//	unlockOutcome     S         unlocked, not_locked or refused; absent until decided
//	unlockReasons     L of S    every rule that failed
//	decidedAt         S         when that was decided
//	trnEmailedAt      S         when GOV.UK Notify took the email with the TRN
//	unlockEmailedAt   S         … the email that the account is unlocked
//	requestEmailedAt  S         … the acknowledgement of a request to the helpdesk
//	ticketEmailedAt   S         … the ticket of that request to the helpdesk
//	ownerEmailedAt    S         … the notice to the address on the record, that the TRN went to another
//	trnDelivery       S         what became of the email with the TRN: delivered, permanent-failure, temporary-failure,
//	                            technical-failure, as Notify's receipt says
//	trnDeliveryAt     S         when, by Notify's own time
//	expiresAt         N         time to live, 18 months after receivedAt
//
// The helpdesk finds lookups by its indexes byReference, byTrn and byEmail (of emailKey), which hold keys alone. As a
// rule a reference is of one lookup, see lookup.Reference. The command `helpdesk retry` takes a refused decision away,
// so that the lookup is judged again, and adds to the list retries what it took: at, by, note, unlockOutcome and
// unlockReasons.
//
// The table `helpdeskRequests`:
//
//	lookupId       S  key    the lookup
//	why            S         no_match or several
//	candidateTrns  L of S    the records that matched (several only)
//	details        M         what the person gave, by the names of the API's fields
//	note           S         what the person added for the helpdesk, if anything
//	emailKey       S         the mailbox of the address given; index byEmail
//	requestedAt    S         when
//	answeredAt     S         when the helpdesk answered it (`helpdesk answered`); until then the person waits
//	answeredBy     S         who answered it
//	answerNote     S         what they noted, if anything
//	expiresAt      N         time to live, 90 days after requestedAt
//
// Times are RFC 3339 in UTC with milliseconds; a time to live is in seconds since 1970, and readers compare it
// too, because DynamoDB deletes late. A lookup that matched nothing holds nothing personal.
package journal
