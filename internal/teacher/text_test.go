package teacher_test

import (
	"strings"
	"testing"
	"unicode"

	"losttrn/internal/teacher"
)

func TestCleanText(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"Ann":                          "Ann",
		"  Ann  Mary ":                 "Ann  Mary",
		"\tAnn\r\n":                    "Ann",
		"Ann\u00a0Mary":                "Ann Mary",
		"\u2003Ann\u3000Mary\u202f":    "Ann Mary",
		"Ann\u2028Mary\u0085":          "Ann Mary",
		"\ufeffAnn\u200b\u2060":        "Ann",
		"A\u200bnn":                    "Ann",
		"\u202aAnn\u202c \u200e\u200f": "Ann",
		"An\u00adn":                    "Ann",
		"An\x00n\x07\x7f":              "Ann",
		"An\ufffe\uffff\ufdd0n":        "Ann",
		"\U0001ffffAnn\U0010fffe":      "Ann",
		"O’Example-Smith":              "O’Example-Smith",
		"Jose\u0301":                   "Jose\u0301",
		"👩\u200d🏫":                     "👩\u200d🏫",
		"می\u200cخواهم":                "می\u200cخواهم",
		"\u200d Ann \u200c":            "Ann",
		" \u200b\u200d\ufeff\u00a0":    "",
	} {
		if got := teacher.CleanText(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	for _, s := range []string{"", " Ann ", "\u200d \u200d", "\xff", "a\u2028b", "\u00ad \u00ad"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := teacher.CleanText(s)
		if teacher.CleanText(got) != got {
			t.Errorf("%q is cleaned to %q, and that again", s, got)
		}
		if got != strings.TrimSpace(got) {
			t.Errorf("%q is not trimmed", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.IsSpace(r) && r != ' ' {
				t.Errorf("%q holds %U", got, r)
			}
		}
	})
}

func TestParseProvider(t *testing.T) {
	for text, want := range map[string]teacher.Provider{
		"":                       {},
		" \u200b":                {},
		"10007799":               {UKPRN: "10007799"},
		" 10007799\u00a0":        {UKPRN: "10007799"},
		"1000779":                {Name: "1000779"},
		"100077990":              {Name: "100077990"},
		"1000779x":               {Name: "1000779x"},
		"10 007 799":             {Name: "10 007 799"},
		" University of Nowhere": {Name: "University of Nowhere"},
	} {
		if got := teacher.ParseProvider(text); got != want || got.IsZero() != (want == teacher.Provider{}) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
