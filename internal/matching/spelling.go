package matching

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spellings returns a name as written and, if it has one, its other spelling.
func spellings(name string) []string {
	if other := string(appendOtherSpelling(nil, name)); other != name {
		return []string{name, other}
	}
	return []string{name}
}

// appendOtherSpelling appends a name with the letters written out that German and Scandinavian passports write out (ICAO
// 9303-3), and without the O of Irish names before an apostrophe.
func appendOtherSpelling(room []byte, name string) []byte {
	name = norm.NFC.String(name)
	start := true
	for at := 0; at < len(name); {
		r, size := utf8.DecodeRuneInString(name[at:])
		if next, length := utf8.DecodeRuneInString(name[at+size:]); start && (r == 'O' || r == 'o') && isApostrophe(next) {
			at += size + length
			continue
		}
		start = isSeparator(r)
		if letters, out := writtenOut(r); out {
			room = append(room, letters...)
		} else {
			room = append(room, name[at:at+size]...)
		}
		at += size
	}
	return room
}

func writtenOut(r rune) (letters string, out bool) {
	switch r {
	case 'ü', 'Ü':
		return "ue", true
	case 'ö', 'Ö', 'ø', 'Ø':
		return "oe", true
	case 'ä', 'Ä':
		return "ae", true
	case 'å', 'Å':
		return "aa", true
	}
	return "", false
}

// foldFirst folds a first name and drops what stands before it: titles, and initials before a longer name. It is ""
// where there is none, or where there are two people's.
func foldFirst(name string) string { return trimFirst(Fold(name)) }

// trimFirst returns a folded first name without what foldFirst drops from its beginning, or "".
func trimFirst(text string) string {
	text = withoutTitles(text)
	if isForTwo(text) || standsForNone(text) {
		return ""
	}
	return withoutInitials(text)
}

// withoutInitials drops the initials that a folded name begins with, unless nothing else is left.
func withoutInitials(text string) string {
	rest, more := text, true
	for more {
		var token string
		before := rest
		if token, rest, more = strings.Cut(rest, " "); !isInitial(token) {
			return before
		}
	}
	return text
}

// foldLast folds a last name without titles before it. It is "" where there is none.
func foldLast(name string) string { return trimLast(Fold(name)) }

func trimLast(text string) string {
	text = withoutTitles(text)
	if standsForNone(text) {
		return ""
	}
	return text
}

// withoutTitles drops the titles that a folded name begins with, unless nothing else is left.
func withoutTitles(text string) string {
	for {
		token, rest, more := strings.Cut(text, " ")
		if !more || !isTitle(token) {
			return text
		}
		text = rest
	}
}

func isTitle(word string) bool {
	switch word {
	case "dr", "doctor", "mr", "mister", "mrs", "ms", "miss", "mx", "prof", "professor", "rev", "revd", "reverend", "sir", "dame", "sister":
		return true
	}
	return false
}

// isForTwo reports whether a folded first name is the names of two people: Sarah & John.
func isForTwo(text string) bool {
	return strings.Contains(text, "&") || strings.Contains(text, " and ")
}

// standsForNone reports whether a folded name is a placeholder that forms and visas have for a person with one name:
// first name unknown, no last name.
func standsForNone(text string) bool {
	switch text {
	case "fnu", "f n u", "lnu", "l n u", "nfn", "nln", "xxx", "unknown", "not known", "no first name", "no given name", "no forename",
		"no last name", "no surname", "no family name", "first name unknown", "last name unknown":
		return true
	}
	return false
}
