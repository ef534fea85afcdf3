package teacher

import (
	"errors"
	"log/slog"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ErrTRN says that a text is not a TRN.
var ErrTRN = errors.New("not seven digits")

// TRN is a teacher reference number: seven digits, leading zeros kept. The zero TRN means "none".
type TRN struct{ digits string }

var (
	// A number that a spreadsheet or a calculation made of a TRN: a sign, a decimal point or comma, an exponent.
	calculatedNumber = regexpOf(`^\W*[-+\x{2212}\x{2010}-\x{2015}][0-9]|[0-9][.\x{00B7}\x{066B}][0-9]|[0-9],([0-9]{0,2}|[0-9]{4,})([^0-9]|$)|[0-9][eE][-+]?[0-9]`)
	// A run of letters and digits in which letters O, I and l stand for digits, behind the letters of an old form.
	trnWord  = regexpOf(`[0-9A-Za-z]+`)
	trnRun   = regexpOf(`^(?:(?i:rp|trno?))?([0-9OoIl]*[0-9][0-9OoIl]*)$`)
	asDigits = strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1")
)

// ParseTRN returns the TRN that a person wrote, or an error that wraps ErrTRN unless it comes to seven digits.
// Everything but digits is dropped, so that the old form "RP99/12345" is 9912345; the letters O, I and small l in a run
// of digits are read as the digits that they look like. A number with a sign, a decimal point or an exponent is no TRN.
func ParseTRN(s string) (TRN, error) {
	s = norm.NFKC.String(CleanText(s))
	if calculatedNumber().MatchString(s) {
		return TRN{}, ErrTRN
	}
	s = trnWord().ReplaceAllStringFunc(s, func(word string) string {
		if run := trnRun().FindStringSubmatch(word); run != nil {
			return asDigits.Replace(run[1])
		}
		return word
	})
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(digits) != 7 {
		return TRN{}, ErrTRN
	}
	return TRN{digits}, nil
}

// Digits returns the seven digits together, or "" for none.
func (t TRN) Digits() string { return t.digits }

// IsZero reports whether there is no TRN.
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
