package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// firstSpellings and lastSpellings are names that sound alike and are spelt in several ways.
var firstSpellings = [][]string{
	{"Catherine", "Katherine", "Kathryn"}, {"Stephen", "Steven"}, {"Mohammed", "Muhammad", "Mohammad"}, {"Ann", "Anne"}, {"Theresa", "Teresa"},
	{"Isabel", "Isabelle"}, {"Geoffrey", "Jeffrey"}, {"Sarah", "Sara"}, {"Philip", "Phillip"}, {"Alan", "Allan"}, {"Lynn", "Lynne"}, {"Jean", "Jeanne"},
	{"Lesley", "Leslie"}, {"Gillian", "Jillian"}, {"Debra", "Deborah"}, {"Brian", "Bryan"}, {"Yusuf", "Yousuf"}, {"Fatima", "Fatema"}, {"Ahmed", "Ahmad"},
}

var lastSpellings = [][]string{
	{"Smith", "Smyth", "Smythe"}, {"Clark", "Clarke"}, {"Brown", "Browne"}, {"Green", "Greene"}, {"Gray", "Grey"}, {"Davies", "Davis"}, {"Stevens", "Stephens"},
	{"Phillips", "Philips"}, {"Thompson", "Thomson"}, {"Reid", "Reed", "Read"}, {"Matthews", "Mathews"}, {"Elliott", "Elliot"}, {"Griffiths", "Griffith"},
	{"Nicholson", "Nicolson"}, {"Sharpe", "Sharp"}, {"Johnston", "Johnstone"}, {"Kay", "Kaye"}, {"Leach", "Leech"}, {"Osborne", "Osborn"}, {"Page", "Paige"},
	{"Saunders", "Sanders"}, {"Shepherd", "Sheppard", "Shephard"}, {"Whittaker", "Whitaker"}, {"Allen", "Allan"}, {"McDonald", "MacDonald"}, {"Stewart", "Stuart"},
	{"Chowdhury", "Choudhury", "Choudhry", "Chaudhry"}, {"Hussain", "Hussein", "Husain"}, {"Rahman", "Rehman"}, {"Ahmed", "Ahmad"}, {"Owen", "Owens"}, {"Rees", "Reese"},
}

func firstSpeltOtherwise(g *Register, _ *teacher.Record, p *matching.Person) bool {
	return speltOtherwise(g, firstSpellings, &p.First)
}

func lastSpeltOtherwise(g *Register, _ *teacher.Record, p *matching.Person) bool {
	return speltOtherwise(g, lastSpellings, &p.Last)
}

func speltOtherwise(g *Register, spellings [][]string, name *string) bool {
	for _, group := range spellings {
		for i, spelling := range group {
			if spelling == *name {
				*name = group[(i+1+g.rng.IntN(len(group)-1))%len(group)]
				return true
			}
		}
	}
	return false
}

// aName returns the first or the last name, as a person mistypes one or the other.
func aName(g *Register, p *matching.Person) *string {
	if g.rng.IntN(5) < 2 {
		return &p.First
	}
	return &p.Last
}

func nameMistyped(g *Register, _ *teacher.Record, p *matching.Person) bool {
	name := aName(g, p)
	letters := []rune(*name)
	if len(letters) < 3 {
		return false
	}
	at := 1 + g.rng.IntN(len(letters)-1)
	other := rune('a' + g.rng.IntN(26))
	switch g.rng.IntN(3) {
	case 0:
		letters[at] = other
	case 1:
		letters = append(letters[:at], letters[at+1:]...)
	default:
		letters = append(letters[:at], append([]rune{other}, letters[at:]...)...)
	}
	changed := string(letters) != *name
	*name = string(letters)
	return changed
}

func lettersSwapped(g *Register, _ *teacher.Record, p *matching.Person) bool {
	name := aName(g, p)
	letters := []rune(*name)
	if len(letters) < 4 {
		return false
	}
	at := 1 + g.rng.IntN(len(letters)-2)
	letters[at], letters[at+1] = letters[at+1], letters[at]
	changed := string(letters) != *name
	*name = string(letters)
	return changed
}

func lastNameLetter(g *Register, _ *teacher.Record, p *matching.Person) bool {
	letters := []rune(p.Last)
	if len(letters) < 4 || !mostlyLatin(p.Last) {
		return false
	}
	letters[1+g.rng.IntN(len(letters)-1)] = rune('a' + g.rng.IntN(26))
	changed := string(letters) != p.Last
	p.Last = string(letters)
	return changed
}

func marriedWithoutTelling(g *Register, r *teacher.Record, p *matching.Person) bool {
	p.Last, p.PreviousLast = drawGroup(g.rng).lasts.draw(g.rng), ""
	return p.Last != r.Name.Last
}

func byMiddleName(_ *Register, r *teacher.Record, p *matching.Person) bool {
	p.First, p.Middle = r.Name.Middle, ""
	return r.Name.Middle != "" && r.Name.Middle != r.Name.First
}

// anotherFirstName replaces the first name by one that is not on the record.
func anotherFirstName(g *Register, r *teacher.Record, p *matching.Person) bool {
	p.First, p.Middle = drawGroup(g.rng).firsts[g.rng.IntN(2)].draw(g.rng), ""
	return !isOneName(p.First, r.Name.First) && firstWord(p.First) != firstWord(r.Name.Middle)
}

func titled(g *Register, _ *teacher.Record, p *matching.Person) bool {
	p.First = []string{"Mrs ", "Mr ", "Miss ", "Ms ", "Dr. ", "Rev "}[g.rng.IntN(6)] + p.First
	return true
}

func umlautsWrittenOut(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	out := strings.NewReplacer("ü", "ue", "Ü", "Ue", "ö", "oe", "Ö", "Oe", "ä", "ae", "Ä", "Ae", "å", "aa", "Å", "Aa", "ø", "oe", "Ø", "Oe")
	first, last := out.Replace(p.First), out.Replace(p.Last)
	changed := first != p.First || last != p.Last
	p.First, p.Last = first, last
	return changed
}

// wordsOtherwise divides the words of first, middle and last name otherwise, the last name's first among them.
func wordsOtherwise(g *Register, r *teacher.Record, p *matching.Person) bool {
	if r.Name.Middle == "" {
		return false
	}
	first, middle, last := r.Name.First, r.Name.Middle, r.Name.Last
	ways := [][2]string{{last, middle + " " + first}, {last + " " + middle, first}, {first, middle + " " + last}, {middle + " " + first, last}}
	way := ways[g.rng.IntN(len(ways))]
	p.First, p.Middle, p.Last = way[0], "", way[1]
	return true
}
