package matching

import (
	"bytes"
	"strings"

	"losttrn/internal/teacher"
)

// spelling is one name that the person gave, first or last, made ready for comparison in either role.
type spelling struct {
	text    string   // folded; blank when not given
	full    string   // folded, with the middle name; the same as text when there is none
	first   string   // first token
	related []string // full names that the first token is short for, or short forms that stand for it
	tokens  []string // all tokens of text
	weighty []string // the significant ones among them, for a last name
}

func newSpelling(name, middle string) spelling {
	text := Fold(name)
	if text == "" {
		return spelling{}
	}
	s := spelling{text: text, full: text, tokens: strings.Split(text, " ")}
	if middle = Fold(middle); middle != "" {
		s.full = text + " " + middle
	}
	s.first = s.tokens[0]
	s.related = relatedForms(s.first)
	for _, token := range s.tokens {
		if significant(token) {
			s.weighty = append(s.weighty, token)
		}
	}
	return s
}

// nameAgrees tells whether a first name and a last name of the person both agree with one of the record's,
// current or previous, in either order. In the other order, an initial given for a first name is no last name.
func (m *matcher) nameAgrees(r *teacher.Record) bool {
	return m.nameAgreesAs(r, &m.firsts, &m.lasts) || m.nameAgreesAs(r, &m.lasts, &m.firstsAsLasts)
}

func (m *matcher) nameAgreesAs(r *teacher.Record, firsts, lasts *[2]spelling) bool {
	return m.anyLastAgrees(r, lasts) && m.anyFirstAgrees(r, firsts)
}

func (m *matcher) anyLastAgrees(r *teacher.Record, lasts *[2]spelling) bool {
	if m.lastAgrees(r.Name.Last, lasts) {
		return true
	}
	for i := range r.PreviousNames {
		if m.lastAgrees(r.PreviousNames[i].Last, lasts) {
			return true
		}
	}
	return false
}

func (m *matcher) lastAgrees(recorded string, lasts *[2]spelling) bool {
	m.lastRoom = appendFold(m.lastRoom[:0], recorded)
	return lastNamesAgree(&lasts[0], m.lastRoom) || lastNamesAgree(&lasts[1], m.lastRoom)
}

func (m *matcher) anyFirstAgrees(r *teacher.Record, firsts *[2]spelling) bool {
	if m.firstAgrees(r.Name.First, r.Name.Middle, firsts) {
		return true
	}
	for i := range r.PreviousNames {
		if m.firstAgrees(r.PreviousNames[i].First, r.PreviousNames[i].Middle, firsts) {
			return true
		}
	}
	return false
}

func (m *matcher) firstAgrees(recorded, middle string, firsts *[2]spelling) bool {
	m.firstRoom = appendFold(m.firstRoom[:0], recorded)
	length := len(m.firstRoom)
	if length > 0 && middle != "" {
		m.firstRoom = append(m.firstRoom, ' ')
		m.firstRoom = appendFold(m.firstRoom, middle)
		m.firstRoom = bytes.TrimRight(m.firstRoom, " ")
	}
	text, full := m.firstRoom[:length], m.firstRoom
	return firstNamesAgree(&firsts[0], text, full) || firstNamesAgree(&firsts[1], text, full)
}

// equalIgnoringSpaces tells whether two folded names have the same letters, wherever their spaces are.
func equalIgnoringSpaces(given string, recorded []byte) bool {
	at := 0
	for _, b := range recorded {
		if b == ' ' {
			continue
		}
		if at < len(given) && given[at] == ' ' {
			at++
		}
		if at == len(given) || given[at] != b {
			return false
		}
		at++
	}
	return at == len(given)
}

// firstToken is the first token of a folded text.
func firstToken(text []byte) []byte {
	if space := bytes.IndexByte(text, ' '); space >= 0 {
		return text[:space]
	}
	return text
}
