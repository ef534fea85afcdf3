package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// ninoWith returns an error in a National Insurance number that is on record: change returns the number that is typed, which
// may be no number or the same.
func ninoWith(change func(g *Register, number []byte) string) func(*Register, *teacher.Record, *matching.Person) bool {
	return func(g *Register, r *teacher.Record, p *matching.Person) bool {
		if r.NINO.IsZero() {
			return false
		}
		typed, err := teacher.ParseNINO(change(g, []byte(r.NINO.Normalised())))
		p.NINO = typed
		return err == nil && typed != r.NINO
	}
}

// ninoMistyped makes one of the slips of the earlier measurements: a digit drawn anew, or two neighbouring ones
// swapped.
var ninoMistyped = ninoWith(func(g *Register, number []byte) string {
	at := 2 + g.rng.IntN(6)
	switch {
	case g.rng.IntN(3) > 0:
		number[at] = g.digit()
	case at < 7:
		number[at], number[at+1] = number[at+1], number[at]
	}
	return string(number)
})

func (g *Register) digit() byte { return byte('0' + g.rng.IntN(10)) }

func suffixLeftOut(_ *Register, number []byte) string { return string(number[:8]) }

func suffixWrong(g *Register, number []byte) string {
	number[8] = "ABCD"[g.rng.IntN(4)]
	return string(number)
}

func prefixWrong(g *Register, number []byte) string {
	number[g.rng.IntN(2)] = byte('A' + g.rng.IntN(26))
	return string(number)
}

func digitWrong(g *Register, number []byte) string {
	number[2+g.rng.IntN(6)] = g.digit()
	return string(number)
}

func lastDigitOneOff(g *Register, number []byte) string {
	if number[7] = number[7] + 1 - 2*byte(g.rng.IntN(2)); number[7] < '0' || number[7] > '9' {
		return ""
	}
	return string(number)
}

func neighboursSwapped(g *Register, number []byte) string {
	at := 2 + g.rng.IntN(5)
	number[at], number[at+1] = number[at+1], number[at]
	return string(number)
}

func twoDigitsWrong(g *Register, number []byte) string {
	one, two := 2+g.rng.IntN(6), 2+g.rng.IntN(6)
	a, b := g.digit(), g.digit()
	if one == two || number[one] == a || number[two] == b || number[one] == b && number[two] == a {
		return ""
	}
	number[one], number[two] = a, b
	return string(number)
}

// ninoOfAnother replaces the number by that of another person on the register, such as a husband or wife.
func ninoOfAnother(g *Register, r *teacher.Record, p *matching.Person) bool {
	p.NINO = g.Records[g.drawActive()].NINO
	return !p.NINO.IsZero() && !r.NINO.IsZero() && p.NINO.Body() != r.NINO.Body()
}

// registerHasAnotherNINO gives the right number, where the register has a wrong one.
func registerHasAnotherNINO(g *Register, r *teacher.Record, p *matching.Person) bool {
	if r.NINO.IsZero() {
		return false
	}
	p.NINO = g.drawNINO()
	return true
}

func dayAndMonth(_ *Register, r *teacher.Record, p *matching.Person) bool {
	d := r.DateOfBirth
	if d.Day() > 12 || d.Day() == d.Month() {
		return false
	}
	p.DateOfBirth = date(d.Year(), d.Day(), d.Month())
	return true
}

// dateMistyped makes one of the slips of the earlier measurements: a digit drawn anew, in the century too.
func dateMistyped(g *Register, r *teacher.Record, p *matching.Person) bool {
	return g.dateWith(r, p, []int{2, 3, 5, 6, 8, 9})
}

func dateDigit(g *Register, r *teacher.Record, p *matching.Person) bool {
	return g.dateWith(r, p, []int{3, 6, 9})
}

func (g *Register) dateWith(r *teacher.Record, p *matching.Person, places []int) bool {
	text := []byte(r.DateOfBirth.ISO())
	text[places[g.rng.IntN(len(places))]] = g.digit()
	d, err := teacher.ParseDate(strings.TrimSpace(string(text)))
	if err != nil || d == r.DateOfBirth || d.Year() > 2005 {
		return false
	}
	p.DateOfBirth = d
	return true
}

// yearOff makes the year earlier or later by one to five. It returns false if the year would be after 2005.
func yearOff(g *Register, r *teacher.Record, p *matching.Person) bool {
	year := r.DateOfBirth.Year() + (1+g.rng.IntN(5))*(1-2*g.rng.IntN(2))
	if year > 2005 {
		return false
	}
	p.DateOfBirth = date(year, r.DateOfBirth.Month(), r.DateOfBirth.Day())
	return true
}
