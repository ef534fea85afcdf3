package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxGreetingName is the longest name that an email is addressed to, in characters.
const maxGreetingName = 60

// greeting returns the first words of an email. A name that is long, or has characters other than letters, spaces,
// apostrophes and hyphens, is left out, so that no address, link or number can be sent in it.
func greeting(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxGreetingName || strings.ContainsFunc(name, notOfAName) {
		return "Hello"
	}
	return "Dear " + name
}

func notOfAName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" '’ʼ‘`-‐‑", r)
}
