package matching

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isInitial reports whether a token of a folded name is a single letter of a script in which names have several, or empty. A
// single Chinese, Japanese or Korean character is a whole name.
func isInitial(token string) bool {
	if len(token) > 1 && token[1] < utf8.RuneSelf { // no mark is ASCII
		return false
	}
	r, size := utf8.DecodeRuneInString(token)
	for _, mark := range token[size:] {
		if !unicode.Is(unicode.M, mark) {
			return false
		}
	}
	return !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

// onlyInitials reports whether a folded name has no token but initials.
func onlyInitials(name string) bool {
	for token := range strings.SplitSeq(name, " ") {
		if !isInitial(token) {
			return false
		}
	}
	return true
}
