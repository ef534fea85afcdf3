package teacher

import (
	"strings"
)

// Numbers are read in two ways. What a person typed is read leniently (ParseTRN, ParseNINO, ParseProvider). An extract
// of the register is written by a machine. There a number in any other form was damaged on the way, mostly by a
// spreadsheet; read leniently, its digits may be another person's number.
var (
	extractTRN  = regexpOf(`^(?:(?:RP|TRN) *)?(?:([0-9]{2}) */ *([0-9]{5})|([0-9]{7}))$`)
	extractNINO = regexpOf(`^(?:[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[ABCDFMU]?|[0-9]{2} ?[A-Z] ?[0-9]{5})$`)
)

// ParseExtractTRN reads a TRN as an extract of the register writes it: seven ASCII digits, with "RP" or "TRN" before
// them or a slash after the first two at the most, and spaces about them. It fails with ErrTRN for anything else, a
// decimal point, a sign or an exponent among it, and for a number that administrators make up.
func ParseExtractTRN(s string) (TRN, error) {
	parts := extractTRN().FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if parts == nil {
		return TRN{}, ErrTRN
	}
	trn := TRN{parts[1] + parts[2] + parts[3]}
	if trn.MadeUp() {
		return TRN{}, ErrTRN
	}
	return trn, nil
}

// MadeUp reports whether a TRN is a placeholder that administrators write for an unknown one, so that it is no
// person's.
func (t TRN) MadeUp() bool { return t.digits == "0000000" || t.digits == "9999999" }

// ParseExtractNINO reads a NINO as an extract of the register writes it: letters and digits together, or with one
// space between the pairs. It fails with ErrNINO for anything else.
func ParseExtractNINO(s string) (NINO, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if !extractNINO().MatchString(s) {
		return NINO{}, ErrNINO
	}
	return ParseNINO(s)
}
