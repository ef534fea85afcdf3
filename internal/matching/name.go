package matching

import (
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// givenName is the names that the person gave, each in all of its spellings, made ready for comparison.
type givenName struct {
	firsts        []firstName
	lasts         []lastName
	firstsAsLasts []lastName  // for the other order; an initial is no last name
	lastsAsFirsts []firstName // for the other order; what begins with a particle is no first name
	wholes        []wholeName
}

// wholeName is a first and a last name that were given together, folded.
type wholeName struct {
	first, last string
	words       []string // of first, middle and last name together, in order; none if there is an initial among them
	sole        string   // the name of a person with one name
}

func newWholeName(first, middle, last string) wholeName {
	w := wholeName{first: foldFirst(first), last: foldLast(last)}
	w.words = strings.Fields(w.first + " " + Fold(middle) + " " + w.last)
	if slices.ContainsFunc(w.words, isInitial) {
		w.words = nil
	}
	slices.Sort(w.words)
	w.sole = soleName(w.first, w.last)
	return w
}

func newGivenName(p Person) givenName {
	var n givenName
	for i, first := range []string{p.First, p.PreviousFirst} {
		middle := p.Middle
		if i > 0 {
			middle = ""
		}
		for _, spelling := range spellings(first) {
			n.firsts = appendFirstName(n.firsts, spelling, middle)
			if text := foldLast(spelling); !onlyInitials(text) {
				n.firstsAsLasts = appendLastName(n.firstsAsLasts, text)
			}
		}
	}
	for _, last := range []string{p.Last, p.PreviousLast} {
		for _, spelling := range spellings(last) {
			text := foldLast(spelling)
			n.lasts = appendLastName(n.lasts, text)
			if !beginsWithParticle(text) {
				n.lastsAsFirsts = appendFirstName(n.lastsAsFirsts, spelling, "")
			}
		}
	}
	n.wholes = append(n.wholes, newWholeName(p.First, p.Middle, p.Last))
	if foldFirst(p.PreviousFirst) != "" && foldLast(p.PreviousLast) != "" {
		n.wholes = append(n.wholes, newWholeName(p.PreviousFirst, "", p.PreviousLast))
	}
	return n
}

// compareName compares names. They agree if a first name and a last name of the person both do with the record's,
// current or previous, in either order; or if one of the record's names is the same to the letter, or the same words
// otherwise divided, or the same single name. They are near if no more than a first name agrees, in either order.
func (m *matcher) compareName(r *teacher.Record, c *comparison) {
	if len(m.name.firsts) == 0 && len(m.name.lasts) == 0 {
		return
	}
	n := newRecordName(&m.folder, r)
	if n.isZero() {
		return
	}
	first := n.anyFirst(m.name.firsts)
	if first && n.anyLast(m.name.lasts) {
		c.agreed |= nameBit
		return
	}
	swapped := n.anyFirst(m.name.lastsAsFirsts)
	switch {
	case swapped && n.anyLast(m.name.firstsAsLasts), n.anyWhole(m.name.wholes):
		c.agreed |= nameBit
	case first || swapped:
		c.near |= nameBit
		c.oneEdit = first && n.anyLastByOneEdit(m.name.lasts) || swapped && n.anyLastByOneEdit(m.name.firstsAsLasts)
	default:
		c.against |= nameBit
		c.sibling = n.isSiblings(m.name.firsts, m.name.lasts) || n.isSiblings(m.name.lastsAsFirsts, m.name.firstsAsLasts)
	}
}

// sameLetters reports whether first and last name are each the same to the letter, which one letter for one of them does
// not take anything from: S Kumar.
func (w *wholeName) sameLetters(first, last string) bool {
	return first != "" && last != "" && first == w.first && last == w.last && !(onlyInitials(first) && onlyInitials(last))
}

// soleName returns the name of a person who has one, which stands for the other as well or is left without one; "" for a
// person with two.
func soleName(first, last string) string {
	switch {
	case first == "" || first == last:
		return last
	case last == "":
		return first
	}
	return ""
}

// equalIgnoringSpaces reports whether two folded names have the same letters, wherever their spaces are.
func equalIgnoringSpaces(a, b string) bool {
	for {
		a, b = strings.TrimPrefix(a, " "), strings.TrimPrefix(b, " ")
		if a == "" || b == "" {
			return a == b
		}
		if a[0] != b[0] {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

// firstToken returns the first token of a folded text.
func firstToken(text string) string {
	token, _, _ := strings.Cut(text, " ")
	return token
}

// oneEditApart reports whether two folded names, of three letters at least, differ in one letter, or one that is
// missing, or two neighbours that are swapped.
func oneEditApart(a, b string) bool { return isOneEdit(a, b, 3) }

// isOneEdit does so for texts of so many letters at least.
func isOneEdit(a, b string, letters int) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < letters || len(y) < letters || a == b {
		return false
	}
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x) <= 1 && len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}
