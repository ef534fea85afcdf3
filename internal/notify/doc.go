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
// What a person typed reaches nobody as a link or markup: Letter.Typed names it to Notify, which takes both out, and in
// a ticket it is made harmless before.
//
// Whoever may write to the queue can have no number sent, and nobody told of a lookup, but as the journal has it: a TRN
// goes to the recorded address of the lookup that found it, the notice to the address on that TRN's record.
//
// An email counts as sent when Notify has accepted it; it is not sent again, whatever becomes of it then. Three things
// keep it to one: the time in the journal, Notify's own record by reference (for a send whose time was not recorded),
// and the queue, which delivers one email of a lookup at a time. Notify forgets a reference after its retention, seven
// days by default. Only an email that was sent, whose time was not recorded, and which then waited longer than that is
// sent again.
//
// Only what is wrong with the one email is final. Notify's answers about our clock, key, service or template are ours
// to mend: the email waits, as in an outage of Notify, for the 25 hours that the queue retries, while the alarm on the
// age of the oldest message is on. The API key is read anew every five minutes.
package notify
