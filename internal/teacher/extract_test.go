package teacher_test

import (
	"errors"
	"fmt"
	"testing"

	"losttrn/internal/teacher"

	"pgregory.net/rapid"
)

func TestParseExtractTRN(t *testing.T) {
	for text, want := range map[string]string{
		"1234567": "1234567", "0000001": "0000001", " 1234567\u00a0": "1234567", "RP1234567": "1234567",
		"RP99/12345": "9912345", "rp 99 / 12345": "9912345", "TRN 1234567": "1234567", "99/12345": "9912345",
		// What spreadsheets make of a number, and what people type.
		"123456.0": "", "1234567.0": "", "1.2345E+06": "", "1.234567E6": "", "-2234567": "", "+1234567": "", "−1234567": "",
		"1,234,567": "", "(1234567)": "", "'1234567": "", "=1234567": "", `"1234567"`: "", "12 34 567": "", "99-12345": "",
		"１２３４５６７": "", "١٢٣٤٥٦٧": "", "123456７": "", "123\u200b4567": "", "O123456": "", "l234567": "", "TRN: 1234567": "",
		"TRN RP1234567": "", "12/34/567": "", "123/4567": "", "/1234567": "", "123456": "", "12345678": "", "": "", "RP": "",
		"0000000": "", "9999999": "", "99/99999": "",
	} {
		got, err := teacher.ParseExtractTRN(text)
		if got.Digits() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got.Digits(), err, want)
		}
		if err != nil && !errors.Is(err, teacher.ErrTRN) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseExtractNINO(t *testing.T) {
	for text, want := range map[string]string{
		"QQ123456C": "QQ123456C", "qq 12 34 56 c": "QQ123456C", " QQ123456 C ": "QQ123456C", "TN310180F": "TN310180F",
		"QQ-12-34-56-C": "", "QQ12345OC": "", "QQI23456C": "", "NI QQ123456C": "", "QQ 12  34 56 C": "", "ＱＱ123456C": "",
		"QQ123456.0": "", "QQ\u200b123456C": "", "GB123456C": "", "QQ123456E": "", "": "",
	} {
		got, err := teacher.ParseExtractNINO(text)
		if got.Normalised() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got.Normalised(), err, want)
		}
	}
}

// TestNumbersOfSpreadsheetsAreNoTRN: whatever a spreadsheet makes of a TRN, the digits of it are never read as another.
func TestNumbersOfSpreadsheetsAreNoTRN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9_999_999).Draw(t, "number")
		format := rapid.SampledFrom([]string{"%d.0", "%d.00", "%.4E", "%.5e", "%.6E", "%G", "-%d", "+%d", "\u2212%d", "%d.", "%de0", "(%d)"}).Draw(t, "format")
		text := fmt.Sprintf(format, n)
		if format[1] == '.' || format == "%G" {
			text = fmt.Sprintf(format, float64(n))
		}
		if len(text) == 7 && text == fmt.Sprintf("%07d", n) { // %G of a number without an exponent is the number
			return
		}
		if trn, err := teacher.ParseExtractTRN(text); err == nil {
			t.Fatalf("an extract's %q was read as %s", text, trn.Digits())
		}
		if trn, err := teacher.ParseTRN(text); err == nil && trn.Digits() != fmt.Sprintf("%07d", n) {
			t.Fatalf("a person's %q was read as %s", text, trn.Digits())
		}
	})
}
