// Package notify sends the service's emails through GOV.UK Notify, each of them once.
//
// The texts of the emails are in texts/, one file a kind, in the syntax of Notify's templates; they are pasted
// into Notify by hand, where each gets the template id that the stack is given as a parameter.
//
//	kind              template                         personalisation
//	trn               Your teacher reference number    name, trn
//	unlocked          We've unlocked your account      name
//	helpdesk_request  We've received your request      name
//
// An email is once sent when Notify has taken it: what then becomes of it is between Notify and the mailbox, and
// it is not sent again. Three things keep it to once: the time in the journal, Notify's own record by reference
// (for a send whose time was not written), and the order of the queue, which holds one email of a lookup at a
// time. Notify forgets a reference after its retention, seven days by default: only an email that was sent
// without its time being recorded, and then waited longer than that, could be sent again.
//
// The API key is read again every five minutes at the latest, and Notify's 403 is final. So a new key is put in
// place first, and the old one revoked no sooner than five minutes later; a key that was revoked at once leaves
// the emails of those minutes among the dead letters, to be redriven.
package notify
