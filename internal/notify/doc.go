// Package notify sends the service's emails through GOV.UK Notify, each of them once.
//
// Mailer decides what is sent, and composes it as a Letter; Client, the only part that knows the provider, sends
// letters through Notify. The texts are in texts/, one file a kind, in the syntax of Notify's templates. They are
// pasted into Notify by hand, and each gets a template id there, which is a parameter of the stack.
//
//	kind              to        what
//	trn               a person  their TRN, the only email of theirs in which it stands
//	unlocked          a person  that their account is unlocked
//	helpdesk_request  a person  that their request to the helpdesk was received
//	helpdesk_ticket   helpdesk  that request: reference, reason, details, note, candidates
//	owner_notice      a person  to the address on the record, that somebody looked its number up with another one
//	helpdesk_report   helpdesk  what the night's reports say, and where they are
//
// What a person typed is never sent as a link or markup: Letter.Typed names such values to Notify, which removes both,
// and in a ticket they are made harmless before.
//
// A forged message cannot disclose a TRN or a lookup, because these two kinds are checked against the journal: a TRN is
// only sent to the recorded address of the lookup that found it, the notice only to the address on that TRN's record.
//
// An email counts as sent when Notify has accepted it, and is not sent again even if its delivery fails. Three things
// prevent a second one: the time in the journal, Notify's own record by reference (for a send whose time was not
// recorded), and the queue, which delivers one email of a lookup at a time. Notify forgets a reference after its
// retention, seven days by default. Only an email that was sent, whose time was not recorded, and which then waited
// longer than that is sent again.
//
// Only a fault of the one email is final. If Notify refuses the clock, key, service or template, the email waits, as in
// an outage of Notify, for the 25 hours that the queue retries, and the alarm on the age of the oldest message is
// raised. The API key is read anew every five minutes.
package notify
