package stack

import (
	"losttrn/internal/local/outbox"
	"losttrn/internal/notify"
)

// serviceEmails returns the service's own emails by the parameter of template.yaml that holds their id.
func serviceEmails() map[string]outbox.Template {
	emails := map[string]outbox.Template{}
	for _, t := range notify.Templates() {
		emails[notify.TemplateParameter(t.Kind)] = outbox.Template{Kind: string(t.Kind), Subject: t.Subject, Body: t.Body}
	}
	return emails
}
