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
	for _, kind := range message.Kinds() {
		t, err := template(kind)
		if err != nil {
			panic(err) // impossible: the texts are part of the program, and a test reads them all
		}
		all = append(all, t)
	}
	return all
}

// TemplateVariable returns the environment variable with a kind's template id: NOTIFY_TRN_TEMPLATE_ID of trn.
func TemplateVariable(kind message.Kind) string {
	return "NOTIFY_" + strings.ToUpper(string(kind)) + "_TEMPLATE_ID"
}

// TemplateParameter returns the parameter of template.yaml that fills TemplateVariable: NotifyTrnTemplateId of trn.
func TemplateParameter(kind message.Kind) string {
	name := "Notify"
	for word := range strings.SplitSeq(string(kind), "_") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name + "TemplateId"
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
