// Package page is the markup of the pages: GOV.UK Design System components and one template for each page. The
// Go of the templates is generated; change the .templ files and run `go generate ./internal/web/page`.
package page

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

import (
	"slices"
	"strings"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
)

// Frame is what surrounds the content of every page.
type Frame struct {
	Texts *catalogue.Language
	// Title is the catalogue key of the page's title, which is its heading too.
	Title string
	// Back is the path of the page before; blank, the page has no back link.
	Back string
	// Problems are listed in the error summary, and change the title.
	Problems []Problem
	// Languages are the choices of language; fewer than two are not offered.
	Languages []Choice
	Assets    Assets
}

// Assets are the paths of the files that every page loads.
type Assets struct{ Style, Script, IconICO, IconSVG, IconMask, IconTouch string }

// Choice is a language that the page can be read in.
type Choice struct {
	Tag, Name, Href string
	Current         bool
}

// Problem is a message about a field.
type Problem struct {
	// Fields are the ids of the inputs to mend, the one to begin with first, and Group of what the message stands at.
	Fields  []string
	Group   string
	Message string
}

// text is the text of a key.
func (f Frame) text(key string, pairs ...string) string { return f.Texts.Text(key, pairs...) }

// title is the text of the title element.
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

// problem is the message that stands at a group, "" if none does.
func (f Frame) problem(group string) string {
	for _, p := range f.Problems {
		if p.Group == group {
			return p.Message
		}
	}
	return ""
}

// wrong tells whether a message asks for an input to be mended.
func (f Frame) wrong(field string) bool {
	for _, p := range f.Problems {
		if slices.Contains(p.Fields, field) {
			return true
		}
	}
	return false
}

// describedBy names what describes a field: its hint and its message.
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
}

// Answers are the answers to show in a question's fields.
type Answers struct {
	lookup.Details
	// NameChanged is "yes", "no" or, not answered, "".
	NameChanged string
}

// Row is one answer to check.
type Row struct {
	// Key is the catalogue key of the row's name, and Change of the same in the words "Change …".
	Key, Change string
	Value, Path string
}

// parts splits a text at its one [link]: what comes before, the link's words, what comes after.
func parts(text string) (before, link, after string) {
	before, rest, found := strings.Cut(text, "[")
	if !found {
		return text, "", ""
	}
	link, after, _ = strings.Cut(rest, "]")
	return before, link, after
}
