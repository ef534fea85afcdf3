package matching

import "unicode/utf8"

// Fold reduces a name to what its spellings have in common. In this order: apostrophes of every kind are
// dropped, compatibility forms are resolved (Unicode NFKC), letter case and accents are folded (José = Jose,
// ß = ss, ø = o, ł = l), and each run of spaces, hyphens, full stops, commas and middle dots, of every kind,
// becomes one space, none at the ends. Invisible characters are dropped. Folding a folded name changes nothing.
//
// Accents are folded where they are accents: on Latin and Greek letters, and the two dots of the Russian ё,
// which are left out in everyday writing. Other Cyrillic letters with a mark (й, ї, ў) are letters of their own,
// and the vowel signs of Indic and other scripts are what tells names apart: both stay. The vowel points of
// Hebrew and Arabic, and the Arabic stretching stroke, are written or not as the writer likes: they go.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	return string(appendFold(make([]byte, 0, len(s)), s))
}

// isFolded tells quickly of the commonest texts that folding would not change them.
func isFolded(s string) bool {
	space := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return !space || s == ""
}

// appendFold appends the folded text to room and returns the extended slice. Texts in ASCII need no memory but
// room's.
func appendFold(room []byte, s string) []byte {
	start, gap := len(room), false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return append(room[:start], foldUnicode(s)...)
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '\'' || c == '`':
			continue
		case c == ' ' || c == '-' || c == '.' || c == ',' || c >= '\t' && c <= '\r':
			gap = true
			continue
		case c < ' ' || c == 0x7f:
			continue
		}
		if gap && len(room) > start {
			room = append(room, ' ')
		}
		gap = false
		room = append(room, c)
	}
	return room
}
