package teacher

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrNINO says that a text is not a National Insurance number.
var ErrNINO = errors.New("not a National Insurance number")

// NINO is a National Insurance number in upper case without spaces or punctuation. The zero NINO means "none".
type NINO struct{ text string }

var (
	ninoForm = regexp.MustCompile(`^[A-Z]{2}[0-9]{6}[ABCDFMU]$`)
	// A temporary number is TN, the date of birth as DDMMYY, and the sex.
	temporaryNINO = regexp.MustCompile(`^TN(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[FM]$`)
)

// ParseNINO reads a NINO as people write it, in either case and with spaces or punctuation anywhere. It accepts
// two letters, six digits and a suffix A to D, the suffixes F, M and U and the temporary form that records
// hold, and refuses the prefixes that are never issued (HMRC's National Insurance Manual, NIM39110), but for
// QQ, which is reserved for examples and used in tests. It fails with ErrNINO.
func ParseNINO(s string) (NINO, error) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(s))
	if temporaryNINO.MatchString(text) {
		return NINO{text}, nil
	}
	if !ninoForm.MatchString(text) || !issuedPrefix(text[:2]) {
		return NINO{}, ErrNINO
	}
	return NINO{text}, nil
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

// Normalised is the NINO in upper case without spaces, or "" for none.
func (n NINO) Normalised() string { return n.text }

// IsZero tells whether there is no NINO.
func (n NINO) IsZero() bool { return n.text == "" }

// String masks the NINO, so that printing one by accident discloses nothing.
func (n NINO) String() string { return mask(n.text) }

// GoString masks the NINO in %#v.
func (n NINO) GoString() string { return n.String() }

// LogValue masks the NINO in structured logs.
func (n NINO) LogValue() slog.Value { return slog.StringValue(n.String()) }
