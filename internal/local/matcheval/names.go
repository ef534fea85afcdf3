package matcheval

import (
	_ "embed"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed names.txt
var namesText string

//go:embed shortforms.txt
var shortFormsText string

// nameGroup is people who draw their names from the same lists.
type nameGroup struct {
	share  int             // of the register, in thousandths
	firsts [2]distribution // men's, women's
	lasts  distribution
}

// distribution is a list of names with Zipf-like frequencies: that of rank r goes with 1/(r+flat).
type distribution struct {
	names      []string
	cumulative []float64
}

func newDistribution(names []string, flat float64) distribution {
	d := distribution{names: names, cumulative: make([]float64, len(names))}
	sum := 0.0
	for i := range names {
		sum += 1 / (float64(i) + 1 + flat)
		d.cumulative[i] = sum
	}
	return d
}

func (d distribution) draw(rng *rand.Rand) string {
	at, _ := slices.BinarySearch(d.cumulative, rng.Float64()*d.cumulative[len(d.cumulative)-1])
	return d.names[min(at, len(d.names)-1)]
}

// nameGroups are the groups of names.txt. The English last names go on with a long tail made of syllables, because
// most last names are rare.
var nameGroups = sync.OnceValue(func() []nameGroup {
	var groups []nameGroup
	for line := range strings.Lines(namesText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if words[0] == "group" {
			share, err := strconv.Atoi(words[2])
			if err != nil {
				panic("names.txt: " + line)
			}
			groups = append(groups, nameGroup{share: share})
			continue
		}
		g := &groups[len(groups)-1]
		for i, word := range words {
			if strings.ToLower(word) == word || strings.ToLower(word[:1]) == word[:1] && strings.Contains(word, "-") {
				words[i] = strings.ReplaceAll(word, "-", " ") // da-Silva: two words in the register
			}
		}
		switch words[0] {
		case "men":
			g.firsts[0] = newDistribution(words[1:], 8)
		case "women":
			g.firsts[1] = newDistribution(words[1:], 8)
		case "last":
			names := words[1:]
			if len(groups) == 1 {
				names = append(names, longTail()...)
			}
			g.lasts = newDistribution(names, 12)
		}
	}
	return groups
})

// longTail returns a few thousand last names of English sound.
func longTail() []string {
	starts := strings.Fields("Ash Bar Beck Birch Black Brad Bran Brom Brook Buck Cal Carl Chad Chat Clay Clif Col Cran Crom Dal Den Dray East Elm Fair Farn Fen Glen Gold Grim Had Hal Ham Hart Hather Haw Hazel Heath Hex Hol Hunt Ing Kel Ken Kirk Lang Leigh Lin Lock Long Mal Mar Mere Mid Mill Mor Nor Oak Old Pen Pick Pres Quar Rad Rams Red Ring Rock Rush Sal Sed Shel Sher Stan Stock Swan Tat Thorn Til Tor Tun Up Wad Wal War Wel Whit Win Wool Wor York")
	ends := strings.Fields("ton ham ley field worth well bury ford wood man son dale combe stead brook ridge shaw gate ward croft wick hurst more land ers")
	var names []string
	for _, end := range ends {
		for _, start := range starts {
			names = append(names, start+end)
		}
	}
	return names
}

// shortFormsOf are the short forms that people with a first name use of themselves.
var shortFormsOf = sync.OnceValue(func() map[string][]string {
	forms := map[string][]string{}
	for line := range strings.Lines(shortFormsText) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "#" {
			forms[words[0]] = words[1:]
		}
	}
	return forms
})

// drawGroup draws the group that a person's names come from.
func drawGroup(rng *rand.Rand) *nameGroup {
	groups := nameGroups()
	at := rng.IntN(1000)
	for i := range groups {
		if at -= groups[i].share; at < 0 {
			return &groups[i]
		}
	}
	return &groups[0]
}

// drawSkewed returns a number below n, the lower the likelier, as the sizes of providers and schools are spread.
func drawSkewed(rng *rand.Rand, n int) int {
	return min(n-1, int(float64(n)*math.Pow(rng.Float64(), 2)))
}
