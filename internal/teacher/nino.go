package teacher

import (
	"errors"
	"log/slog"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrNINO says that a text is not a National Insurance number.
var ErrNINO = errors.New("not a National Insurance number")

// NINO is a National Insurance number in upper case without spaces or punctuation: two letters, six digits and a
// suffix, which may be missing. The zero NINO means "none".
type NINO struct{ text string }

// bodyLength is how many characters of a NINO identify a person.
const bodyLength = 8

var (
	// What people write before a number.
	ninoLabel = regexpOf(`^(?i:national ?insurance( ?(number|no))?|ni( ?(number|no))?)`)
	// A temporary number is TN, the date of birth as DDMMYY, and the sex.
	temporaryNINO = regexpOf(`^TN(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[FM]$`)
	asNINODigits  = strings.NewReplacer("O", "0", "o", "0", "I", "1", "i", "1", "l", "1")
)

// ParseNINO returns the NINO that a person wrote, in either case, with a label before it and with spaces, punctuation
// or symbols anywhere, or an error that wraps ErrNINO. Among the six digits the letters O, I and small l are read as
// the digits that they look like. ParseNINO accepts two letters, six digits and a suffix A to D, which may be left
// out, the suffixes F, M and U and the temporary forms that records hold. It refuses the prefixes that are never
// issued (HMRC's National Insurance Manual, NIM39110), but for QQ, which is reserved for examples.
func ParseNINO(s string) (NINO, error) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(CleanText(s)))
	if n, ok := readNINO(text); ok {
		return n, nil
	}
	if n, ok := readNINO(ninoLabel().ReplaceAllString(text, "")); ok {
		return n, nil
	}
	return NINO{}, ErrNINO
}

func readNINO(text string) (NINO, bool) {
	if upper := strings.ToUpper(text); isTemporaryReference(upper) {
		return NINO{upper}, true
	}
	if len(text) < bodyLength || len(text) > bodyLength+1 {
		return NINO{}, false
	}
	prefix, number, suffix := text[:2], text[2:bodyLength], strings.ToUpper(text[bodyLength:])
	if !madeOf(prefix, letters) || !madeOf(number, asTypedDigits) || !madeOf(suffix, "ABCDFMU") {
		return NINO{}, false
	}
	prefix = strings.ToUpper(prefix)
	nino := prefix + asNINODigits.Replace(number) + suffix
	return NINO{nino}, issuedPrefix(prefix) || temporaryNINO().MatchString(nino)
}

// asTypedDigits are what people type where digits belong: the letters O, I and l stand for digits.
const asTypedDigits = digits + "OoIil"

// isTemporaryReference reports whether a text, in upper case, is a reference of HMRC's: two digits, a letter and five digits.
func isTemporaryReference(text string) bool {
	return len(text) == bodyLength && madeOf(text[:2], digits) && madeOf(text[2:3], capitals) && madeOf(text[3:], digits)
}

func issuedPrefix(prefix string) bool {
	switch prefix {
	case "QQ":
		return true
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return !strings.ContainsAny(prefix[:1], "DFIQUV") && !strings.ContainsAny(prefix[1:], "DFIOQUV")
}

// documented are the bodies of numbers with issued prefixes that are publicly known: AB 12 34 56 C and AA 12 34 56 A
// are what guides, validators and encyclopedias print as examples, and pension schemes write PP 99 99 99 P where they
// have no number.
var documented = map[string]bool{"AA123456": true, "AB123456": true, "PP999999": true}

// Body returns the first eight characters, which identify a person: no two people were ever given the same, whatever
// the suffix. It is "" for none and for a number that is made up.
func (n NINO) Body() string {
	if n.text == "" || n.MadeUp() {
		return ""
	}
	return n.text[:bodyLength]
}

// MadeUp reports whether the number was made up by an administrator or a guide, so that it identifies nobody:
// the temporary numbers TN…, two digits and a letter, those of the teachers' pension form, which are QQ, six digits
// and M, F or U, and published examples.
func (n NINO) MadeUp() bool {
	switch {
	case n.text == "":
		return false
	case strings.HasPrefix(n.text, "TN") || n.text[0] <= '9':
		return true
	case n.IsExample() && len(n.text) > bodyLength:
		return strings.Contains("FMU", n.text[bodyLength:])
	}
	return documented[n.text[:bodyLength]]
}

// IsExample reports whether the number begins with QQ, which is never issued. Samples and tests use such numbers; a
// production stage ignores them.
func (n NINO) IsExample() bool { return strings.HasPrefix(n.text, "QQ") }

// Normalised returns the NINO in upper case without spaces, or "" for none.
func (n NINO) Normalised() string { return n.text }

// IsZero reports whether there is no NINO.
func (n NINO) IsZero() bool { return n.text == "" }

// String masks the NINO, so that printing one by accident discloses nothing.
func (n NINO) String() string { return mask(n.text) }

// GoString masks the NINO in %#v.
func (n NINO) GoString() string { return n.String() }

// LogValue masks the NINO in structured logs.
func (n NINO) LogValue() slog.Value { return slog.StringValue(n.String()) }
