package matching

import (
	"slices"
	"strings"
	"testing"
)

func TestShortForms(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"bob", "robert", true}, {"liz", "elizabeth", true}, {"kate", "catherine", true}, {"kate", "katherine", true},
		{"catherine", "katherine", true}, {"paddy", "padraig", true}, {"dai", "dafydd", true}, {"kasia", "katarzyna", true},
		{"mo", "mohammed", true}, {"sukhi", "sukhwinder", true}, {"rab", "robert", true}, {"femi", "olufemi", true},
		{"bob", "rob", false}, {"liz", "beth", false}, {"kate", "kathy", false}, {"bill", "rupert", false},
		{"john", "jonathan", false}, {"sean", "john", false}, {"elizabeth", "catherine", false}, {"mo", "maureen", false},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := slices.Contains(relatedForms(pair[0]), pair[1]); got != c.want {
				t.Errorf("%s, %s: %v", pair[0], pair[1], got)
			}
		}
	}
}

func TestShortFormsList(t *testing.T) {
	type pair struct{ short, full string }
	fulls := map[string][]string{}
	seen := map[pair]bool{}
	for line := range strings.Lines(shortFormsText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if len(words) < 2 {
			t.Errorf("%q stands for nothing", words[0])
		}
		for i, word := range words {
			if Fold(word) != word && word != "=" && word != "~" {
				t.Errorf("%q is not folded", word)
			}
			if i == 0 || words[0] == "=" || words[0] == "~" {
				continue
			}
			p := pair{words[0], word}
			if seen[p] || p.short == p.full {
				t.Errorf("%v is there twice", p)
			}
			seen[p] = true
			fulls[p.short] = append(fulls[p.short], p.full)
		}
	}
	// No name on the right is itself short for another name on the right of the same line: that would make two
	// short forms of one name agree.
	for short, names := range fulls {
		for _, name := range names {
			for _, longer := range fulls[name] {
				if slices.Contains(names, longer) {
					t.Errorf("%s and %s are both short for %s", short, name, longer)
				}
			}
		}
	}
}
