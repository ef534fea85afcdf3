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
	return string(appendFold(make([]byte, 0, len(s)), s))
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
		letters, known := latin()[r]
		if !known {
			return append(room[:start], foldUnicode(s)...)
		}
		at += size
		if letters == "" {
			continue
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

// latinLetters are the letters of Unicode's blocks Latin-1 Supplement and Latin Extended-A, but for Ŀ, ŀ and ŉ, which are
// more than a letter, and the apostrophes that word processors and telephones type.
const latinLetters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ" +
	"ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſ" +
	"\u2018\u2019"

// latin is what each of these folds to.
var latin = sync.OnceValue(func() map[rune]string {
	table := make(map[rune]string, len(latinLetters))
	for _, r := range latinLetters {
		table[r] = foldUnicode(string(r))
	}
	return table
})
