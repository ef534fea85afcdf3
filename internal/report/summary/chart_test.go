package summary

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAxisHoldsEveryValueInFewRoundSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(0, 1<<40).Draw(t, "most")
		s := axis(most)
		steps := s.top / s.step
		if s.top < most || s.top%s.step != 0 || steps < 1 || steps > 5 {
			t.Fatalf("%d: up to %d in steps of %d", most, s.top, s.step)
		}
		if most > 10 && s.top > most*2 {
			t.Fatalf("%d: the axis goes up to %d", most, s.top)
		}
	})
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestChartsAreWellFormedAndSayWhatTheyShow, whatever their texts are.
func TestChartsAreWellFormedAndSayWhatTheyShow(t *testing.T) {
	hostile := `a<b>&"c"</svg>`
	for name, drawn := range map[string]string{
		"columns": string(columnChart{ID: "i", Title: hostile, Description: hostile, Labels: []string{hostile, "b"},
			Series: []series{{Name: hostile, Colour: "#12436D", Values: []int{1, 20}}, {Name: "b", Colour: "#28A197", Values: []int{0, 3}}}}.SVG()),
		"bars":      string(barChart{ID: "i", Title: hostile, Description: hostile, Colour: "#12436D", Labels: []string{hostile, "b"}, Values: []int{0, 7}}.SVG()),
		"no labels": string(columnChart{ID: "i", Title: hostile, Description: hostile}.SVG()),
	} {
		texts := map[string]string{}
		decoder, element, labelled := xml.NewDecoder(strings.NewReader(drawn)), "", ""
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, drawn)
			}
			switch token := token.(type) {
			case xml.StartElement:
				element = token.Name.Local
				for _, attribute := range token.Attr {
					if attribute.Name.Local == "aria-labelledby" {
						labelled = attribute.Value
					}
				}
			case xml.CharData:
				texts[element] += string(token)
			}
		}
		if texts["title"] != hostile || texts["desc"] != hostile || labelled != "i-title i-desc" {
			t.Errorf("%s has no text alternative: %q by %q", name, texts, labelled)
		}
	}
}

// TestColumnsStandOnTheAxis: the heights are the values' share of the axis.
func TestColumnsStandOnTheAxis(t *testing.T) {
	drawn := string(columnChart{ID: "i", Labels: []string{"a"}, Series: []series{{Name: "s", Colour: "#111111", Values: []int{50}},
		{Name: "t", Colour: "#222222", Values: []int{50}}}}.SVG())
	// The axis goes to 100 over the 280 units between top and bottom.
	for _, want := range []string{`y="184.0" width="697.6" height="140.0" fill="#111111"`, `y="44.0" width="697.6" height="140.0" fill="#222222"`,
		`y1="44.0" y2="44.0"`, `y1="324.0" y2="324.0"`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%s is missing in %s", want, drawn)
		}
	}
}
