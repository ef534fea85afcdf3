package lookup

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"losttrn/internal/fault"
)

// A reference is two groups of five characters, such as MN93F-KWNMH. The alphabet keeps at most one of each group of
// characters that are confused when read out or copied by hand (0 and O and Q, 1 and I and L, 2 and Z, 5 and S, 6 and
// G, 8 and B, U and V and Y), and no vowel, so that no reference spells a word.
const (
	referenceAlphabet = "23456789CDFHJKMNPRTVWX"
	referenceLength   = 10
)

// Reference returns the reference of a lookup: what a person reads out to the helpdesk. It is derived from the lookup
// id alone, so that every function and report computes the same one without reading anything. The id cannot be derived
// from it.
//
// There are 22^10, 27 million million, of them. Among 450,000 lookups, 18 months of 300,000 a year, two share one
// with a chance of 1 in 260; among a million, 1 in 50. Then both keep it: nothing but the helpdesk looks a
// reference up, `helpdesk find` shows every lookup that has it, and the time of each tells which is the caller's.
func Reference(lookupID string) string {
	digest := sha256.Sum256([]byte("lookup-reference\x00" + lookupID))
	// The remainder favours no reference by more than 1 in 690,000.
	n := binary.BigEndian.Uint64(digest[:8])
	var b [referenceLength + 1]byte
	for i := range b {
		if i == referenceLength/2 {
			b[i] = '-'
			continue
		}
		b[i] = referenceAlphabet[n%uint64(len(referenceAlphabet))]
		n /= uint64(len(referenceAlphabet))
	}
	return string(b[:])
}

// ParseReference returns the reference in a typed text, which may be in small letters, have spaces or lack the hyphen,
// or an error that wraps fault.Invalid if the text is not a reference.
func ParseReference(typed string) (string, error) {
	text := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(typed)))
	if len(text) != referenceLength || strings.Trim(text, referenceAlphabet) != "" {
		return "", fault.New(fault.Invalid, "not_a_reference")
	}
	return text[:referenceLength/2] + "-" + text[referenceLength/2:], nil
}
