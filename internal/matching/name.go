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
	words       []string // of first, middle and last name together, sorted, of a person with two names
	sole        string   // the name of a person with one name
}

func newWholeName(first, middle, last string) wholeName {
	w := wholeName{first: foldFirst(first), last: foldLast(last)}
	if w.sole = soleName(w.first, w.last); w.sole == "" {
		w.words = sortedWords(w.first, Fold(middle), w.last)
	}
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
// otherwise divided, or the same single name. They are near if no more than a first name agrees, in the order in which
// names are given.
func (m *matcher) compareName(r *teacher.Record, c *comparison) {
	if len(m.name.firsts) == 0 && len(m.name.lasts) == 0 {
		return
	}
	var n recordName
	if n, m.room = newRecordName(m.room, r); n.isZero() {
		return
	}
	first := n.anyFirst(r, m.name.firsts)
	switch {
	case first && n.anyLast(r, m.name.lasts),
		n.anyLast(r, m.name.firstsAsLasts) && n.anyFirst(r, m.name.lastsAsFirsts),
		n.anyWhole(r, m.name.wholes):
		c.agreed |= nameBit
	case first:
		c.near |= nameBit
		c.oneEdit = n.anyLastByOneEdit(r, m.name.lasts)
	default:
		c.against |= nameBit
	}
}

// recordName is the current name of a record, folded.
type recordName struct{ first, middle, full, last string }

// newRecordName folds a record's name in the room given, and takes memory once.
func newRecordName(room []byte, r *teacher.Record) (recordName, []byte) {
	room = appendFold(room[:0], r.Name.First)
	first := len(room)
	room = appendFold(append(room, ' '), r.Name.Middle)
	middle := len(room)
	room = appendFold(append(room, ' '), r.Name.Last)
	text := string(room)
	n := recordName{first: trimFirst(text[:first]), middle: text[first+1 : middle], last: trimLast(text[middle+1:])}
	if n.full = n.first; n.first != "" && n.middle != "" {
		n.full = withoutInitials(text[first-len(n.first) : middle])
	}
	return n, room
}

func (n *recordName) isZero() bool { return n.first == "" && n.last == "" }

// full is a folded first name with the middle name, without initials before a longer name.
func full(first, middle string) string {
	if first == "" || middle == "" {
		return first
	}
	return withoutInitials(first + " " + middle)
}

func (n *recordName) anyFirst(r *teacher.Record, given []firstName) bool {
	if firstAgrees(given, n.first, n.full) {
		return true
	}
	if other := otherSpelling(r.Name.First); other != "" {
		if first := foldFirst(other); firstAgrees(given, first, full(first, n.middle)) {
			return true
		}
	}
	for i := range r.PreviousNames {
		for _, spelling := range spellings(r.PreviousNames[i].First) {
			if first := foldFirst(spelling); firstAgrees(given, first, first) {
				return true
			}
		}
	}
	return false
}

func firstAgrees(given []firstName, first, full string) bool {
	for i := range given {
		if firstNamesAgree(&given[i], first, full) {
			return true
		}
	}
	return false
}

func (n *recordName) anyLast(r *teacher.Record, given []lastName) bool {
	if lastAgrees(given, n.last) {
		return true
	}
	if other := otherSpelling(r.Name.Last); other != "" && lastAgrees(given, foldLast(other)) {
		return true
	}
	for i := range r.PreviousNames {
		for _, spelling := range spellings(r.PreviousNames[i].Last) {
			if lastAgrees(given, foldLast(spelling)) {
				return true
			}
		}
	}
	return false
}

func lastAgrees(given []lastName, last string) bool {
	for i := range given {
		if lastNamesAgree(&given[i], last) {
			return true
		}
	}
	return false
}

func (n *recordName) anyLastByOneEdit(r *teacher.Record, given []lastName) bool {
	for i := range given {
		if oneEditApart(given[i].text, n.last) {
			return true
		}
		for j := range r.PreviousNames {
			if oneEditApart(given[i].text, foldLast(r.PreviousNames[j].Last)) {
				return true
			}
		}
	}
	return false
}

// anyWhole reports whether a whole name given and the record's are the same in one of three ways.
func (n *recordName) anyWhole(r *teacher.Record, given []wholeName) bool {
	for i := range given {
		w := &given[i]
		if w.sameLetters(n.first, n.last) || n.sameWords(w.words) || n.sameSole(w.sole) {
			return true
		}
		for _, previous := range r.PreviousNames {
			if w.hasInitial() && w.sameLetters(foldFirst(previous.First), foldLast(previous.Last)) {
				return true
			}
		}
	}
	return false
}

// sameLetters reports whether first and last name are each the same to the letter, which one letter for one of them does
// not take anything from: S Kumar.
func (w *wholeName) sameLetters(first, last string) bool {
	return first != "" && last != "" && first == w.first && last == w.last && !(onlyInitials(first) && onlyInitials(last))
}

func (w *wholeName) hasInitial() bool { return onlyInitials(w.first) || onlyInitials(w.last) }

// sameWords reports whether first, middle and last name together are the same words, two at least, however they are
// ordered and divided: Thi Mai | Nguyen, Mai | Nguyen Thi.
func (n *recordName) sameWords(given []string) bool {
	if len(given) < 2 || n.first == "" || n.last == "" {
		return false
	}
	letters := 0
	for _, word := range given {
		letters += len(word)
	}
	for _, part := range [...]string{n.first, n.middle, n.last} {
		letters -= len(part) - strings.Count(part, " ")
	}
	if letters != 0 {
		return false
	}
	return slices.Equal(given, sortedWords(n.first, n.middle, n.last)) && !slices.ContainsFunc(given, isInitial)
}

// sortedWords is the words of some folded names, sorted.
func sortedWords(names ...string) []string {
	var words []string
	for _, name := range names {
		words = append(words, strings.Fields(name)...)
	}
	slices.Sort(words)
	return words
}

// sameSole reports whether a person with one name and the record of a person with one name have the same.
func (n *recordName) sameSole(given string) bool {
	return given != "" && !onlyInitials(given) && given == soleName(n.first, n.last)
}

// soleName is the name of a person who has one, which stands for the other as well or is left without one; "" for a
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

// firstToken is the first token of a folded text.
func firstToken(text string) string {
	token, _, _ := strings.Cut(text, " ")
	return token
}

// oneEditApart reports whether two folded names, of three letters at least, differ in one letter, or one that is
// missing, or two neighbours that are swapped.
func oneEditApart(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < 3 || len(y) < 3 || len(x)-len(y) > 1 || len(y)-len(x) > 1 || a == b {
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
