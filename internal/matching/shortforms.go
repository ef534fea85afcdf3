package matching

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// shortFormsText is the reviewed list; the file says how it is laid out and where it comes from.
//
//go:embed shortforms.txt
var shortFormsText string

// relatedForms are the first names that agree with a folded first name though they are spelt differently: if it
// is a short form, the full names it stands for; if it is a full name, its short forms and its other spellings.
func relatedForms(first string) []string { return shortForms()[first] }

var allForms = sync.OnceValues(func() (forms, once map[string][]string) { return parseShortForms(shortFormsText) })

func shortForms() map[string][]string {
	forms, _ := allForms()
	return forms
}

// onceShort are the first names that a folded first name was short for once, or that were short for it.
func onceShort(first string) []string {
	_, once := allForms()
	return once[first]
}

// parseShortForms reads the list: each line a short form and the full names that it stands for, or "=" and the
// spellings of one full name, or "~", a name that was a short form once, and what for. The text is folded already, as a
// test checks.
func parseShortForms(text string) (forms, once map[string][]string) {
	forms, once = map[string][]string{}, map[string][]string{}
	relate := func(forms map[string][]string, a, b string) {
		if a != b && !slices.Contains(forms[a], b) {
			forms[a] = append(forms[a], b)
			forms[b] = append(forms[b], a)
		}
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case words[0] == "=":
			for i, spelling := range words[1:] {
				for _, other := range words[i+2:] {
					relate(forms, spelling, other)
				}
			}
		case words[0] == "~":
			for _, full := range words[2:] {
				relate(once, words[1], full)
			}
		default:
			for _, full := range words[1:] {
				relate(forms, words[0], full)
			}
		}
	}
	return forms, once
}
