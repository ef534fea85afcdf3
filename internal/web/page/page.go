// Package page renders the pages: GOV.UK Design System components and one template for each page. The templates' Go
// code is generated; change the .templ files and run `go generate ./internal/web/page`.
package page

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
)

// Frame is what surrounds the content of every page.
type Frame struct {
	Texts *catalogue.Language
	// Title is the catalogue key of the page's title and heading.
	Title string
	// Back is the path of the previous page; blank if the page has no back link.
	Back string
	// ShowsAnswer says that a question's page shows a stored answer, and therefore how to clear it.
	ShowsAnswer bool
	// Problems are listed in the error summary, and change the title.
	Problems []Problem
	// Languages are the choices of language, shown if there are at least two.
	Languages []Choice
	Assets    Assets
	Service   Service
}

// Assets are the paths of the files that every page loads, and of the script of the training providers' page.
type Assets struct{ Style, Script, Suggestions, IconICO, IconSVG, IconMask, IconTouch string }

// Service holds what the pages say about the service and its helpdesk.
type Service struct {
	// Phase is alpha or beta, for the banner; live has none.
	Phase string
	// FeedbackURL is the page for feedback; blank, feedback goes to the helpdesk's address.
	FeedbackURL string
	// HelpdeskEmail and HelpdeskPhone are where people reach the helpdesk; there may be no phone.
	HelpdeskEmail, HelpdeskPhone string
	// WorkingDays is within how many working days the helpdesk answers.
	WorkingDays int
}

// Feedback returns the address of the link for feedback.
func (s Service) Feedback() string {
	if s.FeedbackURL != "" {
		return s.FeedbackURL
	}
	return "mailto:" + s.HelpdeskEmail
}

// Choice is a language that the page can be read in.
type Choice struct {
	Tag, Name, Href string
	Current         bool
}

// Problem is a message about a field.
type Problem struct {
	// Fields are the ids of the inputs to correct, in order, and Group the id of the element at which the message is
	// shown.
	Fields  []string
	Group   string
	Message string
}

// text returns the text of a key, with the placeholders for the service and its helpdesk filled in.
func (f Frame) text(key string, pairs ...string) string {
	return f.Texts.Text(key, append([]string{"helpdesk", f.Service.HelpdeskEmail, "phone", f.Service.HelpdeskPhone,
		"days", strconv.Itoa(f.Service.WorkingDays), "feedback", f.Service.Feedback()}, pairs...)...)
}

// contact returns the text that says how to reach the helpdesk.
func (f Frame) contact() string {
	if f.Service.HelpdeskPhone != "" {
		return f.text("contact.emailOrPhone")
	}
	return f.text("contact.email")
}

// title returns the text of the title element.
func (f Frame) title() string {
	title := f.text(f.Title)
	if service := f.text("service.name"); title != service {
		title += " – " + service
	}
	title += " – GOV.UK"
	if len(f.Problems) > 0 {
		title = f.text("error.prefix") + " " + title
	}
	return title
}

// problem returns the message that is shown at a group, "" if there is none.
func (f Frame) problem(group string) string {
	for _, p := range f.Problems {
		if p.Group == group {
			return p.Message
		}
	}
	return ""
}

// wrong reports whether a message asks for an input to be corrected.
func (f Frame) wrong(field string) bool {
	for _, p := range f.Problems {
		if slices.Contains(p.Fields, field) {
			return true
		}
	}
	return false
}

// describedBy returns the ids of what describes a field: its hint and its message.
func (f Frame) describedBy(group string, hint bool) string {
	var ids []string
	if hint {
		ids = append(ids, group+"-hint")
	}
	if f.problem(group) != "" {
		ids = append(ids, group+"-error")
	}
	return strings.Join(ids, " ")
}

// Field is a text field.
type Field struct {
	ID string
	// Label and Hint are catalogue keys; without Hint there is none. A Heading's label is the page's heading.
	Label, Hint string
	Heading     bool
	Value       string
	// Type is the input's type, text if blank; Autocomplete its purpose, if it has one that browsers know.
	Type, Autocomplete string
	Width              string // a width class of the Design System
	NoSpellcheck       bool
	// AnyDirection lets the browser detect the direction of the text, because names are in any script.
	AnyDirection bool
	// Suggestions is the address of the list from which the script suggests answers.
	Suggestions string
}

// Answers are the answers to show in a question's fields.
type Answers struct {
	lookup.Details
	// NameChanged is one of the values of the radios, or, not answered, "".
	NameChanged string
}

// The values of the radios of "Have you ever changed your name?".
const (
	Yes       = "yes"
	No        = "no"
	NotToSay  = "prefer-not-to-say"
	KeepTyped = "keep" // of "Did you mean …?": the typed address is correct
)

// Row is one answer to check.
type Row struct {
	// Key is the catalogue key of the row's name, and Change of the same in the words "Change …".
	Key, Change string
	Value, Path string
	// IsAddress says that the value is an email address, which may be broken at its dots; IsName that it is of any
	// script.
	IsAddress, IsName bool
}

// Result holds what the page of a lookup's result shows.
type Result struct {
	Reference string
	// Email is the address that the TRN was sent to.
	Email string
	// Sent says that a TRN was sent in this journey by an earlier lookup with other answers, and SentTo where, if
	// that is known.
	Sent   bool
	SentTo string
	// Unchanged says that the same answers were submitted again.
	Unchanged bool
	Rows      []Row
	// Note is what was typed for the helpdesk, if there is a problem with it.
	Note string
}

// segment is a piece of a text: words, or a link if Href says where to.
type segment struct{ Words, Href string }

// segments splits a text at its links, which are written [words](address).
func segments(text string) []segment {
	var all []segment
	for {
		before, rest, found := strings.Cut(text, "[")
		words, rest, isLink := strings.Cut(rest, "](")
		href, after, closed := strings.Cut(rest, ")")
		if !found || !isLink || !closed {
			return append(all, segment{Words: text})
		}
		if before != "" {
			all = append(all, segment{Words: before})
		}
		all, text = append(all, segment{words, href}), after
		if text == "" {
			return all
		}
	}
}

// fitsOnALine is how long an address may be, in bytes, to fit on a line of the narrowest screen.
const fitsOnALine = 35

// breakable splits a long address behind each character at which it may be broken.
func breakable(address string) []string {
	if len(address) <= fitsOnALine {
		return []string{address}
	}
	var parts []string
	for {
		i := strings.IndexAny(address, "@.")
		if i < 0 {
			return append(parts, address)
		}
		parts, address = append(parts, address[:i+1]), address[i+1:]
	}
}

// emailAddress renders an email address that may be broken over lines. It is not a template because those write spaces
// between their parts.
func emailAddress(address string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var escaped []string
		for _, part := range breakable(address) {
			escaped = append(escaped, templ.EscapeString(part))
		}
		_, err := io.WriteString(w, strings.Join(escaped, "<wbr>"))
		return err
	})
}
