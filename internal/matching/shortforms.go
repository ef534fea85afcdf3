package matching

import (
	"slices"
	"strings"
)

// The reviewed list of short forms is shortforms.txt, which says how it is laid out and where it comes from. The table
// that follows from it is generated, so that no function reads the list while it starts:
//
//go:generate go test -count=1 -run ^TestShortFormsTable$ . -update

// form is the list's entry for one folded first name.
type form struct {
	word string
	// class stands for all first names that are short forms or spellings of each other, however many steps away; blank, if
	// the word is written otherwise there (see plainWord).
	class string
	// related are the first names that agree with it though they are spelt differently: if it is a short form, the full
	// names it stands for; if it is a full name, its short forms and its other spellings.
	related []string
	// once are the first names that it used to be short for, or that used to be short for it.
	once []string
}

// formOf returns the list's entry for a folded first name; the zero form if it is not on the list.
func formOf(word string) form {
	i, known := slices.BinarySearchFunc(forms[:], word, func(f form, word string) int { return strings.Compare(f.word, word) })
	if !known {
		return form{}
	}
	return forms[i]
}

func relatedForms(first string) []string { return formOf(first).related }

func onceShort(first string) []string { return formOf(first).once }
