package notify

import (
	"embed"
	"fmt"
	"strings"

	"losttrn/internal/message"
)

//go:embed texts/*.md
var texts embed.FS

// Template is the text of a kind of email in the syntax of GOV.UK Notify: ((placeholders)), and a body in Notify's
// Markdown, which turns straight apostrophes into curly ones.
type Template struct {
	Kind    message.Kind
	Subject string
	Body    string
}

// Templates returns the templates of all kinds of email.
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

// template reads the template of a kind from its file: a line with the subject, an empty line, the body.
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
