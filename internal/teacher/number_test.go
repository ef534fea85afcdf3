package teacher_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/teacher"
)

func TestParseTRN(t *testing.T) {
	for text, want := range map[string]string{
		"1234567":                  "1234567",
		"0000001":                  "0000001",
		"0000000":                  "0000000",
		" 12 34 567 ":              "1234567",
		"12/34567":                 "1234567",
		"RP99/12345":               "9912345",
		"rp 99-12345":              "9912345",
		"TRN: 1234567.":            "1234567",
		"１２３４５６７":                  "1234567",
		"12\u00a034\u200b567":      "1234567",
		"12O4567":                  "1204567",
		"l2345o7":                  "1234507",
		"RP99/I2345":               "9912345",
		"RPO1/23456":               "0123456",
		"TRN No 1234567":           "1234567",
		"TRNo1234567":              "1234567",
		"No123456":                 "", // the o of No is no zero
		"1234567O":                 "",
		"12\u221234567":            "1234567",
		"12|34~5=67":               "1234567",
		"1,234,567":                "1234567",
		"123456,0":                 "",
		"123456·0":                 "",
		"123456E1":                 "",
		" +2234567":                "",
		"\u20132234567":            "",
		"- 2234567":                "2234567", // a bullet
		"TRN-2234567":              "2234567",
		"²1234567":                 "", // a superscript is a digit too: eight
		"":                         "",
		"123456":                   "",
		"12345678":                 "",
		"RP99/1234":                "",
		"123456.0":                 "",
		"12345.67":                 "",
		"1.2345E+06":               "",
		"1.23456e6":                "",
		"-2234567":                 "",
		"+2234567":                 "",
		"\u22122234567":            "",
		"１２３４５６．０":                 "",
		"99-12345":                 "9912345",
		"No. 1234567":              "1234567",
		"١٢٣٤٥٦٧":                  "", // Arabic digits stay what they are
		"seven":                    "",
		strings.Repeat("1", 10000): "",
	} {
		got, err := teacher.ParseTRN(text)
		if got.Digits() != want || (err == nil) != (want != "") || got.IsZero() != (want == "") {
			t.Errorf("%.40q: %q, %v; want %q", text, got.Digits(), err, want)
		}
		if err != nil && !errors.Is(err, teacher.ErrTRN) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func TestParseNINO(t *testing.T) {
	for text, want := range map[string]string{
		"QQ123456A": "QQ123456A", "QQ123456B": "QQ123456B", "QQ123456C": "QQ123456C", "QQ123456D": "QQ123456D",
		"QQ123456F": "QQ123456F", "QQ123456M": "QQ123456M", "QQ123456U": "QQ123456U",
		"qq123456c":                           "QQ123456C",
		" QQ 12 34 56 C ":                     "QQ123456C",
		"QQ-12.34,56/C":                       "QQ123456C",
		"(QQ) 12:34_56 'C'":                   "QQ123456C",
		"QQ\u00a0123\u200b456\tC":             "QQ123456C",
		"QQ123\ufffe456\x00C\U0001ffff":       "QQ123456C",
		"ＱＱ１２３４５６Ｃ":                           "QQ123456C",
		"AB000000A":                           "AB000000A",
		"TN310180F":                           "TN310180F", // temporary: date of birth and sex
		"tn 01 12 99 m":                       "TN011299M",
		"TN320180F":                           "",
		"TN311380F":                           "",
		"TN000180M":                           "",
		"TN310180A":                           "",
		"TN123456A":                           "",
		"QQ123456E":                           "",
		"QQ123456":                            "QQ123456", // the suffix may be left out
		"qq 12 34 56":                         "QQ123456",
		"QQ12345C":                            "",
		"QQ1234567C":                          "",
		"Q123456C":                            "",
		"QQQ123456C":                          "",
		"12345678C":                           "",
		"QQ12345OC":                           "QQ123450C",
		"qq oil o56 c":                        "QQ011056C",
		"QQL23456C":                           "", // only the small l looks like a one
		"QO123456C":                           "",
		"LM123456C":                           "LM123456C",
		"lm l23456 c":                         "LM123456C",
		"QQ+12|34~56=C":                       "QQ123456C",
		"QQ 12−34−56 C":                       "QQ123456C",
		"NI QQ123456C":                        "QQ123456C",
		"NI no. QQ 12 34 56 C":                "QQ123456C",
		"NINO: qq123456c":                     "QQ123456C",
		"N.I. Number QQ123456C":               "QQ123456C",
		"National Insurance number: QQ123456": "QQ123456",
		"NR123456C":                           "NR123456C",
		"NI NR123456C":                        "NR123456C",
		"11 a1 11 11":                         "11A11111", // a temporary reference
		"11a1111":                             "",
		"QQ123456C QQ123456C":                 "",
		"":                                    "",
		" - ":                                 "",
		"ÄB123456C":                           "",
		strings.Repeat("Q", 10000):            "",
	} {
		got, err := teacher.ParseNINO(text)
		if got.Normalised() != want || (err == nil) != (want != "") || got.IsZero() != (want == "") {
			t.Errorf("%.40q: %q, %v; want %q", text, got.Normalised(), err, want)
		}
		if err != nil && !errors.Is(err, teacher.ErrNINO) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func TestNINOBody(t *testing.T) {
	for text, want := range map[string]string{
		"QQ123456C": "QQ123456", "QQ123456": "QQ123456", "JS123456D": "JS123456", "JS123456M": "JS123456",
		// made up by administrators, or printed in guides
		"QQ123456M": "", "QQ123456F": "", "QQ123456U": "", "TN310180F": "", "11A11111": "", "AB123456C": "", "AB123456": "", "AA123456A": "", "PP999999": "",
	} {
		nino, err := teacher.ParseNINO(text)
		if err != nil || nino.Body() != want || nino.MadeUp() != (want == "") || nino.IsExample() != strings.HasPrefix(text, "QQ") {
			t.Errorf("%s: body %q, made up %t, example %t, %v", text, nino.Body(), nino.MadeUp(), nino.IsExample(), err)
		}
	}
	var none teacher.NINO
	if none.Body() != "" || none.MadeUp() || none.IsExample() {
		t.Error("no number is a number")
	}
}

func TestTRNsMadeUp(t *testing.T) {
	for text, want := range map[string]bool{"0000000": true, "9999999": true, "0000001": false, "9999998": false} {
		if trn, err := teacher.ParseTRN(text); err != nil || trn.MadeUp() != want {
			t.Errorf("%s: not %t, %v", text, want, err)
		}
	}
	if (teacher.TRN{}).MadeUp() {
		t.Error("none is made up")
	}
}

// TestPrefixes tries every pair of letters against the rule as HMRC words it.
func TestPrefixes(t *testing.T) {
	never := map[string]bool{"BG": true, "GB": true, "KN": true, "NK": true, "NT": true, "TN": true, "ZZ": true}
	issued := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			prefix := string(a) + string(b)
			want := prefix == "QQ" || !never[prefix] && !strings.ContainsRune("DFIQUV", a) && !strings.ContainsRune("DFIQUVO", b)
			if _, err := teacher.ParseNINO(prefix + "123456A"); (err == nil) != want {
				t.Errorf("%s: %v", prefix, err)
			}
			if want {
				issued++
			}
		}
	}
	if issued != 20*19-7+1 {
		t.Errorf("%d prefixes", issued)
	}
}

// What a NINO without a label may look like, and the two temporary forms.
var (
	ninoForm           = regexp.MustCompile(`^([A-Za-z]{2})[0-9OoIil]{6}[ABCDFMUabcdfmu]?$`)
	temporaryNINO      = regexp.MustCompile(`^(?i:tn)(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[FMfm]$`)
	temporaryReference = regexp.MustCompile(`^[0-9]{2}[A-Za-z][0-9]{5}$`)
)

// TestWhatStandsForADigit: of all letters in a digit's place, those that look like one.
func TestWhatStandsForADigit(t *testing.T) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" {
		text := "QQ123" + string(c) + "56"
		if _, err := teacher.ParseNINO(text); (err == nil) != strings.ContainsRune("OoIil", c) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestEveryNINOHasOneOfTheForms, and everything of a form that can have been issued is a NINO.
func TestEveryNINOHasOneOfTheForms(t *testing.T) {
	digit := strings.NewReplacer("O", "0", "o", "0", "I", "1", "i", "1", "l", "1")
	texts := rapid.OneOf(rapid.StringMatching(`[A-Za-z]{2}[0-9OoIil]{6}[A-Ma-mU]?`), rapid.StringMatching(`(QQ|tn|TN)[0-3][0-9][01][0-9]{3}[FMX]?`),
		rapid.StringMatching(`[0-9]{2}[A-Za-z0-9][0-9]{5,6}`), rapid.StringMatching(`QQ[0-9]{3}[A-Za-z][0-9]{2}[A-D]?`), rapid.StringMatching(`[A-Zé0-9]{7,10}`))
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		want := temporaryReference.MatchString(text)
		if parts := ninoForm.FindStringSubmatch(text); parts != nil {
			first, second := strings.ToUpper(parts[1][:1]), strings.ToUpper(parts[1][1:])
			never := strings.Contains("BG GB KN NK NT TN ZZ", first+second) || strings.Contains("DFIQUV", first) || strings.Contains("DFIOQUV", second)
			want = !never || first+second == "QQ" || temporaryNINO.MatchString(text[:2]+digit.Replace(text[2:8])+text[8:])
		}
		if _, err := teacher.ParseNINO(text); (err == nil) != want {
			t.Errorf("%q: %v, of a form %t", text, err, want)
		}
	})
}

func FuzzParseTRN(f *testing.F) {
	for _, s := range []string{"1234567", "RP99/12345", "１２３４５６７", "", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		trn, err := teacher.ParseTRN(s)
		if err != nil {
			if !trn.IsZero() {
				t.Error("an error and a TRN")
			}
			return
		}
		digits := trn.Digits()
		if len(digits) != 7 || strings.Trim(digits, "0123456789") != "" {
			t.Errorf("not seven digits: %q", digits)
		}
		if again, err := teacher.ParseTRN(digits); err != nil || again != trn {
			t.Errorf("%q is not read as itself", digits)
		}
	})
}

func FuzzParseNINO(f *testing.F) {
	for _, s := range []string{"QQ123456C", "tn 01 12 99 m", "ＱＱ１２３４５６Ｃ", "", "\xff", "ıı123456A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nino, err := teacher.ParseNINO(s)
		if err != nil {
			if !nino.IsZero() {
				t.Error("an error and a NINO")
			}
			return
		}
		text := nino.Normalised()
		if len(text) != 9 && len(text) != 8 || text != strings.ToUpper(text) {
			t.Errorf("not a NINO: %q", text)
		}
		for _, spelling := range []string{text, strings.ToLower(text), " " + text[:2] + " " + text[2:8] + "-" + text[8:], "NI " + text} {
			if again, err := teacher.ParseNINO(spelling); err != nil || again != nino {
				t.Errorf("%q is not read as %q", spelling, text)
			}
		}
	})
}
