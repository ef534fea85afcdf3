package teacher

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// regexpOf returns a function that compiles the expression at its first call, so that the start of a function does not
// compile expressions that it does not need.
func regexpOf(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Characters of ASCII.
const (
	digits       = "0123456789"
	smallLetters = "abcdefghijklmnopqrstuvwxyz"
	capitals     = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters      = smallLetters + capitals
)

// madeOf reports whether a text has no characters but those given.
func madeOf(text, characters string) bool { return strings.Trim(text, characters) == "" }

// CleanText drops invisible characters, which often come from pasting (zero-width spaces, byte-order and direction
// marks, controls) and the code points that are no characters (U+FFFE and U+FFFF, which queues refuse, and their like),
// turns every Unicode space into a plain one, and trims. What is between stays as it was typed. Joiners inside a word
// are kept: some scripts need them.
func CleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\u200c' || r == '\u200d': // joiners: Persian, Sinhala and emoji need them
			return r
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Noncharacter_Code_Point):
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, " \u200c\u200d")
}
