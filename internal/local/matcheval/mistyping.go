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

// aName is the first or the last name, as a person mistypes one or the other.
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

func ninoMistyped(g *Register, r *teacher.Record, p *matching.Person) bool {
	if r.NINO.IsZero() {
		return false
	}
	digits := []byte(r.NINO.Normalised())
	at := 2 + g.rng.IntN(6)
	switch {
	case g.rng.IntN(3) > 0:
		digits[at] = byte('0' + g.rng.IntN(10))
	case at < 7:
		digits[at], digits[at+1] = digits[at+1], digits[at]
	}
	p.NINO = must(teacher.ParseNINO(string(digits)))
	return p.NINO != r.NINO
}

func dayAndMonth(_ *Register, r *teacher.Record, p *matching.Person) bool {
	d := r.DateOfBirth
	if d.Day() > 12 || d.Day() == d.Month() {
		return false
	}
	p.DateOfBirth = date(d.Year(), d.Day(), d.Month())
	return true
}

func dateMistyped(g *Register, r *teacher.Record, p *matching.Person) bool {
	text := []byte(r.DateOfBirth.ISO())
	at := []int{2, 3, 5, 6, 8, 9}[g.rng.IntN(6)]
	text[at] = byte('0' + g.rng.IntN(10))
	d, err := teacher.ParseDate(strings.TrimSpace(string(text)))
	if err != nil || d == r.DateOfBirth || d.Year() > 2005 {
		return false
	}
	p.DateOfBirth = d
	return true
}
