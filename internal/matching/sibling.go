package matching

import (
	"slices"
	"strings"
)

// isSiblings reports whether a name that contradicts the record's may be that of a brother or sister, above all a twin:
// a last name agrees, and no first name given is alike to one on the record. A middle name used alone, an initial, a short
// form that is on no list and a slip are alike; a first word that families share is not enough.
func (n *recordName) isSiblings(firsts []firstName, lasts []lastName) bool {
	if len(firsts) == 0 || n.first == "" || !n.anyLast(lasts) {
		return false
	}
	for i := range firsts {
		given := &firsts[i]
		middle := strings.TrimPrefix(given.full, given.text)
		if anyWordAlike(given.text, n.first) || anyWordAlike(given.text, n.middle) || anyWordAlike(middle, n.first) {
			return false
		}
		for j := range n.record.PreviousNames {
			if anyWordAlike(given.text, trimFirst(n.folder.fold(n.record.PreviousNames[j].First))) {
				return false
			}
		}
	}
	return true
}

// anyWordAlike reports whether a word of one folded first name is like one of another, or the names are but for a slip.
// A first word that brothers or sisters share says nothing where both names have more words.
func anyWordAlike(a, b string) bool {
	if strings.Contains(a, " ") && strings.Contains(b, " ") {
		a, b = withoutFamilyName(a), withoutFamilyName(b)
	}
	for one := range strings.FieldsSeq(a) {
		for other := range strings.FieldsSeq(b) {
			if isAlike(one, other) {
				return true
			}
		}
	}
	return isOneEdit(a, b, 2)
}

// isAlike reports whether two first names may be one person's: one begins with the other, or is a letter off, or both
// are forms of one name, now or once.
func isAlike(a, b string) bool {
	if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) || isOneEdit(a, b, 2) || slices.Contains(onceShort(a), b) {
		return true
	}
	for _, form := range relatedForms(a) {
		if form == b || slices.Contains(relatedForms(form), b) {
			return true
		}
	}
	return false
}

// withoutFamilyName returns the words of a folded first name but for a first word that brothers or sisters share.
func withoutFamilyName(name string) string {
	if word, rest, more := strings.Cut(name, " "); more && familyNames[word] {
		return rest
	}
	return name
}
