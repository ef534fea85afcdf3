package matching

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Fold reduces a name to what its spellings have in common. In this order: apostrophes of every kind are
// dropped, compatibility forms are resolved (Unicode NFKC), letter case and accents are folded (José = Jose,
// ß = ss, ø = o, ł = l), and each run of spaces, hyphens, full stops, commas, middle dots, brackets, slashes and quotes, of every kind,
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

// isFolded reports whether a text is certainly folded already. It is a fast test that recognises the commonest texts.
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

// appendFold appends the folded text to room and returns the extended slice. Texts of the Latin letters that
// English and its neighbours use need no memory but room's.
func appendFold(room []byte, s string) []byte {
	start, gap := len(room), false
	for at := 0; at < len(s); {
		c := s[at]
		if letter := stays[c]; letter != 0 {
			if gap && len(room) > start {
				room = append(room, ' ')
			}
			gap = false
			room = append(room, letter)
			at++
			continue
		}
		if c < utf8.RuneSelf {
			gap = gap || separates[c]
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		at += size
		if r == '\u2018' || r == '\u2019' { // the apostrophes that word processors and telephones type
			continue
		}
		letters := ""
		if r >= firstLatin && r <= lastLatin {
			letters = latin()[r-firstLatin]
		}
		if letters == "" {
			return append(room[:start], foldUnicode(s)...)
		}
		if gap && len(room) > start {
			room = append(room, ' ')
		}
		gap = false
		room = append(room, letters...)
	}
	return room
}

// stays is the ASCII characters that stay, in lower case; zero for what separates words, and for apostrophes, controls
// and all that is not ASCII.
var stays = func() (letters [256]byte) {
	for c := byte(' '); c < 0x7f; c++ {
		if !separates[c] && c != '\'' && c != '`' {
			letters[c] = byte(unicode.ToLower(rune(c)))
		}
	}
	return letters
}()

// separates is the ASCII characters that separate words: spaces, hyphens, full stops, commas, brackets, slashes, quotes
// and what people type between two names.
var separates = func() (set [utf8.RuneSelf]bool) {
	for _, c := range "\t\n\v\f\r -.,()[]{}<>/\\\"+_|;:!?*=~" {
		set[c] = true
	}
	return set
}()

// The letters of Unicode's blocks Latin-1 Supplement and Latin Extended-A.
const firstLatin, lastLatin = 'À', 'ſ'

// latin is what each of these letters folds to; blank for the few whose folding depends on what stands beside.
var latin = sync.OnceValue(func() *[lastLatin - firstLatin + 1]string {
	var table [lastLatin - firstLatin + 1]string
	for r := firstLatin; r <= lastLatin; r++ {
		letters := foldUnicode(string(r))
		if foldUnicode("a"+string(r)+"b") == "a"+letters+"b" {
			table[r-firstLatin] = letters
		}
	}
	return &table
})
