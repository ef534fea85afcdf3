package load

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Why a cell can only be a mistake, whatever its column.
const (
	reasonControl     = "a control character"
	reasonLost        = "a character that an earlier program could not read (U+FFFD) or that stands for none"
	reasonEntity      = "an HTML entity such as &amp;: write the character itself"
	reasonEncoded     = "letters that were encoded in UTF-8 twice"
	reasonSpreadsheet = "an error value of a spreadsheet, such as #N/A"
	reasonPlaceholder = "a placeholder for nothing, such as NULL: leave the cell blank"
)

// mistake returns why a cell can only be a mistake, or "".
func mistake(cell string) string {
	ascii, entities := true, false
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return reasonControl
		case c == '&':
			entities = true
		}
	}
	switch {
	case !ascii && strings.ContainsFunc(cell, isReplacement):
		return reasonLost
	case !ascii && strings.ContainsFunc(cell, highControl):
		return reasonControl
	case !ascii && encodedTwice(cell):
		return reasonEncoded
	case entities && hasEntity(cell):
		return reasonEntity
	case spreadsheetError(cell):
		return reasonSpreadsheet
	case placeholder(cell):
		return reasonPlaceholder
	}
	return ""
}

// isReplacement reports whether a rune is U+FFFD or not a character.
func isReplacement(r rune) bool {
	return r == utf8.RuneError || r&0xfffe == 0xfffe || 0xfdd0 <= r && r <= 0xfdef
}

func highControl(r rune) bool { return r >= utf8.RuneSelf && unicode.IsControl(r) }

var entity = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

func hasEntity(cell string) bool {
	for _, found := range entity.FindAllString(cell, -1) {
		if html.UnescapeString(found) != found {
			return true
		}
	}
	return false
}

var errorValue = regexp.MustCompile(`(?i)^#(N/A|N/D|[A-Z0-9/_]+[!?]|#+|GETTING_DATA|NA)!?$`)

func spreadsheetError(cell string) bool {
	cell = strings.TrimSpace(cell)
	return strings.HasPrefix(cell, "#") && errorValue.MatchString(cell)
}

// placeholders are what programs and people write for a missing value.
var placeholders = map[string]bool{
	"null": true, "(null)": true, "<null>": true, "[null]": true, `\n`: true, "nan": true, "none": true, "(none)": true, "undefined": true,
	"n/a": true, "n.a.": true, "#n/a": true, "unknown": true, "not known": true, "(blank)": true, "-": true, "--": true, "---": true, "?": true,
	"??": true, "<na>": true,
}

const longestPlaceholder = len("undefined")

// placeholder reports whether a text stands for a missing value.
func placeholder(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && len(text) <= longestPlaceholder && placeholders[strings.ToLower(text)]
}

// windows1252 are the bytes of Windows-1252 that are not their own code point, by the character they stand for.
var windows1252 = map[rune]byte{
	'€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88, '‰': 0x89, 'Š': 0x8a, '‹': 0x8b, 'Œ': 0x8c,
	'Ž': 0x8e, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, '˜': 0x98, '™': 0x99, 'š': 0x9a, '›': 0x9b,
	'œ': 0x9c, 'ž': 0x9e, 'Ÿ': 0x9f,
}

// encodedTwice reports whether a text holds the bytes of a letter or a quotation mark in UTF-8, each read as a character
// of Windows-1252 or Latin-1: "JosÃ©" for "José".
func encodedTwice(text string) bool {
	var previous []byte // the bytes of the run of such characters that ends here
	for _, r := range text {
		b, ok := windows1252[r]
		if !ok {
			if r < 0x80 || r > 0xff {
				previous = previous[:0]
				continue
			}
			b = byte(r)
		}
		previous = append(previous, b)
		n := len(previous)
		if n >= 2 && previous[n-2] >= 0xc2 && previous[n-2] <= 0xc5 && b&0xc0 == 0x80 {
			return true
		}
		if n >= 3 && previous[n-3] == 0xe2 && previous[n-2] >= 0x80 && previous[n-2] <= 0x86 && b&0xc0 == 0x80 {
			return true
		}
	}
	return false
}
