package notify

import (
	"embed"
	"fmt"
	"strings"

	"losttrn/internal/message"
)

//go:embed texts/*.md
var texts embed.FS

// Template is the text of a kind of email as it stands in GOV.UK Notify: with ((placeholders)), and a body in
// Notify's Markdown, in which straight apostrophes become curly ones.
type Template struct {
	Kind    message.Kind
	Subject string
	Body    string
}

// Templates are the texts of all kinds of email.
func Templates() []Template {
	var all []Template
	for _, kind := range message.Kinds {
		t, err := template(kind)
		if err != nil {
			panic(err) // impossible: the texts are part of the program, and a test reads them all
		}
		all = append(all, t)
	}
	return all
}

// template reads a file: a line with the subject, an empty one, the body.
func template(kind message.Kind) (Template, error) {
	file, err := texts.ReadFile("texts/" + string(kind) + ".md")
	if err != nil {
		return Template{}, fmt.Errorf("notify: no text of kind %q", kind)
	}
	head, body, found := strings.Cut(string(file), "\n\n")
	subject, isSubject := strings.CutPrefix(head, "Subject: ")
	if !found || !isSubject {
		return Template{}, fmt.Errorf("notify: the text of kind %q does not begin with its subject", kind)
	}
	return Template{kind, subject, strings.TrimSpace(body)}, nil
}

// personalisation fills the placeholders of an email's text.
func personalisation(email message.Email) map[string]string {
	values := map[string]string{"name": email.Name}
	if email.Kind == message.KindTRN {
		values["trn"] = email.TRN.Digits()
	}
	return values
}
