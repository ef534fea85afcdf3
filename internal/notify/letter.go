package notify

import (
	"context"
	"strings"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// Letter is an email in the form that a mail provider sends: a template and the values of its placeholders. A provider
// needs nothing else of the service.
type Letter struct {
	Kind      message.Kind // the template
	Reference string       // see message.Email
	To        string
	Values    map[string]string // by placeholder
	// Typed names the values that a person typed. The provider must remove links and markup from them.
	Typed []string
}

// Desk holds the helpdesk's addresses and promises, as emails name them.
type Desk struct {
	// Mailbox receives the tickets and the emails about reports; the zero Email means that none are sent.
	Mailbox teacher.Email
	// Email, and Phone if there is one, are where people reach the helpdesk.
	Email, Phone string
	// WorkingDays is within how many working days the helpdesk answers.
	WorkingDays string
}

// contact returns how a person reaches the helpdesk, in words.
func (d Desk) contact() string {
	if d.Phone == "" {
		return d.Email
	}
	return d.Email + " or " + d.Phone
}

// Requests reads what people asked of the helpdesk.
type Requests interface {
	// HelpdeskRequest returns the request that is kept for a lookup, or an error that wraps fault.NotFound.
	HelpdeskRequest(ctx context.Context, lookupID string) (lookup.HelpdeskRequest, error)
}

// Owners reads the addresses of the owners of TRNs.
type Owners interface {
	// Owner returns the address on a record, or an error that wraps fault.NotFound if there is none.
	Owner(ctx context.Context, trn teacher.TRN) (teacher.Email, error)
}

// compose returns the letter of an email about a lookup with a recorded match, zero if it is none. It returns an error
// that wraps fault.NotFound if there is nothing to send: the request of a ticket is gone, the helpdesk has no mailbox,
// or the owner of a number has no other address than the one that it went to.
func (m *Mailer) compose(ctx context.Context, email message.Email, match unlocking.Recorded) (Letter, error) {
	to, err := m.receiver(ctx, email, match)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Kind: email.Kind, Reference: email.Reference(), To: to.Address(), Values: map[string]string{}}
	switch email.Kind {
	case message.KindTRN:
		l.Values["greeting"], l.Values["trn"] = greeting(email.Name), email.TRN.Digits()
		l.Values["contact"] = m.Desk.contact()
		l.Typed = []string{"greeting"}
	case message.KindUnlocked:
		l.Values["greeting"], l.Values["contact"] = greeting(email.Name), m.Desk.contact()
		l.Typed = []string{"greeting"}
	case message.KindHelpdeskRequest:
		l.Values["reference"] = lookup.Reference(email.LookupID)
		l.Values["working_days"], l.Values["contact"] = workingDays(m.Desk.WorkingDays), m.Desk.contact()
	case message.KindOwnerNotice:
		l.Values["contact"] = m.Desk.contact()
	case message.KindHelpdeskTicket:
		request, err := m.Requests.HelpdeskRequest(ctx, email.LookupID)
		if err != nil {
			return Letter{}, err
		}
		l.Values, l.Typed = ticket(request), []string{"details", "note"}
	case message.KindHelpdeskReport:
		l.Values = reportValues(email.Report)
	}
	return l, nil
}

// receiver returns the address that an email is sent to.
func (m *Mailer) receiver(ctx context.Context, email message.Email, match unlocking.Recorded) (teacher.Email, error) {
	switch {
	case !email.To.IsZero():
		return email.To, nil
	case email.Kind == message.KindOwnerNotice:
		owner, err := m.Owners.Owner(ctx, match.TRN)
		if err == nil && owner.Key() == match.Email.Key() {
			return teacher.Email{}, fault.New(fault.NotFound, "same_mailbox")
		}
		return owner, err
	case m.Desk.Mailbox.IsZero():
		return teacher.Email{}, fault.New(fault.NotFound, "no_helpdesk_mailbox")
	}
	return m.Desk.Mailbox, nil
}

// workingDays returns a number of working days in words.
func workingDays(n string) string {
	if strings.TrimSpace(n) == "1" {
		return "1 working day"
	}
	return n + " working days"
}
