package stack

import (
	"fmt"

	"losttrn/internal/local/outbox"
	"losttrn/internal/message"
	"losttrn/internal/notify"
)

// templateParameters are the parameters of template.yaml that hold the ids which
// GOV.UK Notify knows the emails by.
var templateParameters = map[message.Kind]string{
	message.KindTRN:             "NotifyTrnTemplateId",
	message.KindUnlocked:        "NotifyUnlockedTemplateId",
	message.KindHelpdeskRequest: "NotifyHelpdeskTemplateId",
}

// serviceEmails are the service's own emails by the parameter of their id.
func serviceEmails() (map[string]outbox.Template, error) {
	emails := map[string]outbox.Template{}
	for _, t := range notify.Templates() {
		parameter, ok := templateParameters[t.Kind]
		if !ok {
			return nil, fmt.Errorf("the local stack does not know the parameter with the template id of the email %s", t.Kind)
		}
		emails[parameter] = outbox.Template{Kind: string(t.Kind), Subject: t.Subject, Body: t.Body}
	}
	return emails, nil
}
