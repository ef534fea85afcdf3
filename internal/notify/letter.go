package notify

import (
	"losttrn/internal/message"
)

// Letter is an email as a mail provider is given it: a template, and what fills its placeholders. It is all that a
// provider needs to know of the service.
type Letter struct {
	Kind      message.Kind // the template
	Reference string       // the email's own, for ever; it holds nothing personal
	To        string
	Values    map[string]string // by placeholder
	// Typed names the values that a person typed. The provider must take links and markup out of them.
	Typed []string
}

// compose returns the letter of an email.
func compose(email message.Email) Letter {
	l := Letter{Kind: email.Kind, Reference: email.Reference(), To: email.To.Address(),
		Values: map[string]string{"name": email.Name}, Typed: []string{"name"}}
	if email.Kind == message.KindTRN {
		l.Values["trn"] = email.TRN.Digits()
	}
	return l
}
