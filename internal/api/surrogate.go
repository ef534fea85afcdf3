package api

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// loneSurrogate reports whether a JSON text has an escape that is one half of a pair, such as "\ud83d" alone. It
// stands for no character, and the standard library would quietly read U+FFFD for it, so that two different
// texts became the same.
func loneSurrogate(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		text = text[i:]
		first, ok := escaped(text)
		if !ok {
			text = text[2:] // past "\n" and the like: past "\\" above all
			continue
		}
		text = text[6:]
		if !utf16.IsSurrogate(first) {
			continue
		}
		second, ok := escaped(text)
		if !ok || utf16.DecodeRune(first, second) == '\ufffd' {
			return true
		}
		text = text[6:]
	}
}

// escaped reads the code unit of an escape (a backslash, u and four hexadecimal digits) that a text begins with.
func escaped(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit), err == nil
}
