package matching

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// foldUnicode folds a text of any script. Resolving compatibility forms can bring forth apostrophes, capitals, spaces
// and marks that were not there before (ŉ = ʼn), so it is repeated until nothing changes. Two rounds are usually
// enough; the bound guarantees an end.
func foldUnicode(s string) string {
	for range 8 {
		folded := foldOnce(s)
		if folded == s {
			return s
		}
		s = folded
	}
	return s
}

func foldOnce(s string) string {
	s = norm.NFKC.String(withoutApostrophes(s))
	s = cases.Fold().String(withoutApostrophes(s))
	s = withoutAccents(norm.NFD.String(s))
	return oneSpace(norm.NFKC.String(s))
}

// withoutApostrophes drops apostrophes, invisible characters, and U+FFFD. Spaces that are controls (tab, newline) stay,
// to become a space later.
func withoutApostrophes(s string) string {
	kept := make([]byte, 0, len(s))
	for _, r := range s {
		if r == utf8.RuneError || isApostrophe(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			continue
		}
		kept = utf8.AppendRune(kept, r)
	}
	return string(kept)
}

// isApostrophe reports whether a rune is an apostrophe, or one of the quotes, primes, accents and modifier letters
// that keyboards and transliterations put in its place.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '\u00B4', // ASCII apostrophe, grave accent, acute accent
		'\uFF07', '\uFF40', // their wide forms
		'\u2018', '\u2019', '\u201A', '\u201B', '\u2039', '\u203A', // single quotes
		'\u2032', '\u2035', // primes
		'\u02B9', '\u02BB', '\u02BC', '\u02BD', '\u02BE', '\u02BF', // modifier prime, okina, apostrophe, ayin, hamza
		'\u02C8', '\u02CA', '\u02CB', '\u02F4', // modifier stress and accents
		'\u0374', '\u0384', '\u1FBD', '\u1FBF', '\u1FEF', '\u1FFD', '\u1FFE', // Greek tonos, koronis, breathings, accents
		'\u055A', '\u05F3', '\u07F4', '\u07F5', '\uA78B', '\uA78C': // Armenian, Hebrew, N'Ko, saltillo
		return true
	}
	return false
}

// withoutAccents takes a decomposed text and drops the marks that are accents, and the stroke of letters whose
// stroke Unicode does not treat as a mark.
func withoutAccents(s string) string {
	kept := make([]byte, 0, len(s))
	base := ' '
	for _, r := range s {
		switch {
		case r == '\u0640': // Arabic stretching stroke
			continue
		case unicode.Is(unicode.Mn, r):
			if isAccent(r, base) {
				continue
			}
		default:
			base = r
			if plain, ok := strokes[r]; ok {
				kept = append(kept, plain...)
				continue
			}
		}
		kept = utf8.AppendRune(kept, r)
	}
	return string(kept)
}

// strokes are the letters that are accented letters to a typist but not to Unicode, after case folding.
var strokes = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ɨ': "i", 'ƶ': "z",
	'æ': "ae", 'œ': "oe", 'þ': "th", 'ß': "ss", 'ŋ': "ng",
}

// isAccent reports whether a mark after a base letter is one that may be left out. See Fold.
func isAccent(mark, base rune) bool {
	switch {
	case base == 'е': // the Cyrillic letter
		return mark == '\u0308'
	case unicode.In(base, unicode.Latin, unicode.Greek):
		return true
	case unicode.Is(unicode.Hebrew, mark):
		return true
	case mark >= '\u064B' && mark <= '\u0652' || mark == '\u0670': // Arabic vowel signs
		return true
	case !unicode.IsLetter(base) && !unicode.Is(unicode.Mc, base): // a mark on nothing
		return unicode.Is(unicode.Inherited, mark)
	}
	return false
}

// oneSpace makes each run of separators one space, none at the ends.
func oneSpace(s string) string {
	kept := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		if isSeparator(r) {
			gap = true
			continue
		}
		if gap && len(kept) > 0 {
			kept = append(kept, ' ')
		}
		gap = false
		kept = utf8.AppendRune(kept, r)
	}
	return string(kept)
}

func isSeparator(r rune) bool {
	if r < utf8.RuneSelf {
		return separates[r]
	}
	return r == '\u00B7' || r == '\u2027' || // middle dot, hyphenation point
		unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Dash, unicode.Hyphen, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf)
}
