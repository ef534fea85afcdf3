package matching

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spellings returns a name as written and, if it has one, its other spelling.
func spellings(name string) []string {
	if hasOtherSpelling(name) {
		return []string{name, string(appendOtherSpelling(nil, name))}
	}
	return []string{name}
}

// hasOtherSpelling reports whether a name may be written with letters written out, or without the O of Irish names.
func hasOtherSpelling(name string) bool {
	for at := 0; at < len(name); {
		r, size := utf8.DecodeRuneInString(name[at:])
		if _, out := writtenOut(r); out || isMarkOfWrittenOut(r) || isApostrophe(r) && startsWithO(name[:at]) && at+size < len(name) {
			return true
		}
		at += size
	}
	return false
}

// appendOtherSpelling appends a name with the letters written out that German and Scandinavian passports write out (ICAO
// 9303-3), and without the O of Irish names before an apostrophe.
func appendOtherSpelling(room []byte, name string) []byte {
	if strings.ContainsFunc(name, isMarkOfWrittenOut) {
		name = norm.NFC.String(name)
	}
	start := true
	for at := 0; at < len(name); {
		r, size := utf8.DecodeRuneInString(name[at:])
		if start && (r == 'O' || r == 'o') {
			if next, length := utf8.DecodeRuneInString(name[at+size:]); isApostrophe(next) && at+size+length < len(name) {
				at += size + length
				start = false
				continue
			}
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

// startsWithO reports whether the last word of a text is O.
func startsWithO(text string) bool {
	if !strings.HasSuffix(text, "O") && !strings.HasSuffix(text, "o") {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-1])
	return len(text) == 1 || isSeparator(before)
}

// isMarkOfWrittenOut reports whether a character may be the dots or the ring of a letter that is written out, apart from
// it.
func isMarkOfWrittenOut(r rune) bool { return r == '\u0308' || r == '\u030a' }

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
		if token, rest, more = cutWord(rest); !isInitial(token) {
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
		token, rest, more := cutWord(text)
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
