package matching

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spellings is a name as written and, if it has one, its other spelling.
func spellings(name string) []string {
	if other := otherSpelling(name); other != "" {
		return []string{name, other}
	}
	return []string{name}
}

// otherSpelling is a name with the letters written out that German and Scandinavian passports write out (ICAO 9303-3),
// and without the O of Irish names before an apostrophe; "" if it has neither.
func otherSpelling(name string) string {
	plain := true
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf || name[i] == '\'' || name[i] == '`' {
			plain = false
			break
		}
	}
	if plain {
		return ""
	}
	other := writtenOut.Replace(withoutO(norm.NFC.String(name)))
	if other == name {
		return ""
	}
	return other
}

var writtenOut = strings.NewReplacer("ü", "ue", "Ü", "Ue", "ö", "oe", "Ö", "Oe", "ä", "ae", "Ä", "Ae", "å", "aa", "Å", "Aa", "ø", "oe", "Ø", "Oe")

// withoutO drops the O of each word that begins with O and an apostrophe.
func withoutO(name string) string {
	var b strings.Builder
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
		b.WriteString(name[at : at+size])
		at += size
	}
	return b.String()
}

// foldFirst folds a first name and drops what stands before it: titles, and initials before a longer name. It is ""
// where there is none, or where there are two people's.
func foldFirst(name string) string { return trimFirst(Fold(name)) }

// trimFirst takes from a folded first name what foldFirst drops, all of it from the beginning, or everything.
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
		if !more || !titles[token] {
			return text
		}
		text = rest
	}
}

var titles = setOf("dr", "doctor", "mr", "mister", "mrs", "ms", "miss", "mx", "prof", "professor", "rev", "revd", "reverend", "sir", "dame", "sister")

// isForTwo reports whether a folded first name is the names of two people: Sarah & John.
func isForTwo(text string) bool {
	return strings.Contains(text, "&") || strings.Contains(text, " and ")
}

// standsForNone reports whether a folded name is what forms and visas hold for a person with one name: first name
// unknown, last name unknown.
func standsForNone(text string) bool { return text == "fnu" || text == "lnu" }
