package matching

import (
	"slices"
	"strings"
)

// The reviewed list of short forms is shortforms.txt, which says how it is laid out and where it comes from. What it comes to
// is worked out when it changes, so that no function reads it while it starts:
//
//go:generate go test -count=1 -run ^TestShortFormsTable$ . -update

// form is what the list says of one folded first name.
type form struct {
	word string
	// class stands for all first names that are short forms or spellings of each other, however many steps away; blank, if
	// the word is written otherwise there (see plainWord).
	class string
	// related are the first names that agree with it though they are spelt differently: if it is a short form, the full
	// names it stands for; if it is a full name, its short forms and its other spellings.
	related []string
	// once are the first names that it was short for once, or that were short for it.
	once []string
}

// formOf returns what the list says of a folded first name; nothing, if it is not on the list.
func formOf(word string) form {
	i, known := slices.BinarySearchFunc(forms[:], word, func(f form, word string) int { return strings.Compare(f.word, word) })
	if !known {
		return form{}
	}
	return forms[i]
}

func relatedForms(first string) []string { return formOf(first).related }

func onceShort(first string) []string { return formOf(first).once }
