package teacher

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ErrTRN says that a text is not a TRN.
var ErrTRN = errors.New("not seven digits")

// TRN is a teacher reference number: seven digits, leading zeros kept. The zero TRN means "none".
type TRN struct{ digits string }

// spreadsheetNumber is how a spreadsheet or a program prints a number that is no TRN any more: with a sign, a decimal
// point or an exponent. Its digits together would be somebody else's TRN.
var spreadsheetNumber = regexp.MustCompile(`^[+\-\x{2212}]|^[0-9]*\.[0-9]+$|[0-9][eE][+\-\x{2212}]?[0-9]`)

// ParseTRN reads a TRN as people write it: everything but digits is dropped, so the old form "RP99/12345" is
// 9912345. It fails with ErrTRN unless seven digits are left, and for a number with a sign, a decimal point or an
// exponent.
func ParseTRN(s string) (TRN, error) {
	if spreadsheetNumber.MatchString(norm.NFKC.String(CleanText(s))) {
		return TRN{}, ErrTRN
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	if len(digits) != 7 {
		return TRN{}, ErrTRN
	}
	return TRN{digits}, nil
}

// Digits is the seven digits together, or "" for none.
func (t TRN) Digits() string { return t.digits }

// IsZero tells whether there is no TRN.
func (t TRN) IsZero() bool { return t.digits == "" }

// String masks the TRN, so that printing one by accident discloses nothing.
func (t TRN) String() string { return mask(t.digits) }

// GoString masks the TRN in %#v.
func (t TRN) GoString() string { return t.String() }

// LogValue masks the TRN in structured logs.
func (t TRN) LogValue() slog.Value { return slog.StringValue(t.String()) }

func mask(s string) string {
	if s == "" {
		return ""
	}
	return "[masked]"
}
