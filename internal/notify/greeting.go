package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxGreetingName is the longest name that an email is addressed to, in characters.
const maxGreetingName = 60

// greeting returns how an email begins. It is for a name: a text that is long, or holds anything but letters, spaces,
// apostrophes and hyphens, is left out, so that nobody's address, link or number travels in our email.
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
