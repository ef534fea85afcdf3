package matcheval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"losttrn/internal/teacher"
)

// twinOf returns the twin of a person: the same birthday and last name, often the same provider, sometimes the same
// mailbox, National Insurance numbers that were issued one after the other, and first names that some parents
// choose to be alike.
func (g *Register) twinOf(p teacher.Record) teacher.Record {
	t := g.drawPerson()
	t.Name.Last, t.DateOfBirth, t.Status, t.PreviousNames = p.Name.Last, p.DateOfBirth, teacher.Active, nil
	if g.rng.IntN(2) == 0 {
		t.Name.First = alike(p.Name.First, t.Name.First)
	}
	for isOneName(t.Name.First, p.Name.First) && !familyName(p.Name.First) || t.Name.First == p.Name.First {
		t.Name.First = g.drawPerson().Name.First
	}
	if g.rng.IntN(2) == 0 {
		t.Providers = p.Providers
	}
	if g.rng.IntN(4) == 0 {
		t.Email = p.Email
	}
	if !p.NINO.IsZero() && !t.NINO.IsZero() {
		if next, ok := g.nextNINO(p.NINO); ok {
			t.NINO = next
		}
	}
	return t
}

// isOneName reports whether two first names are the same, spellings of one, or one short for the other. Twins do not
// have such names.
func isOneName(a, b string) bool {
	a, b = firstWord(a), firstWord(b)
	for _, group := range firstSpellings {
		if slices.Contains(group, a) && slices.Contains(group, b) {
			return true
		}
	}
	return a == b || slices.Contains(shortFormsOf()[a], b) || slices.Contains(shortFormsOf()[b], a)
}

// familyWords are first words of names that families give to all their sons or daughters. The list is apart from that by
// which names are matched.
var familyWords = []string{"Mohammed", "Muhammad", "Mohammad", "Abdul", "Ahmed", "Mary", "Maria", "María", "Anna", "Ana", "Anne", "Ann", "Jean", "José", "João", "Luís"}

// familyName reports whether brothers or sisters bear one first word and differ in the second.
func familyName(first string) bool {
	return firstWord(first) != first && slices.Contains(familyWords, firstWord(first))
}

func firstWord(name string) string {
	name = strings.TrimLeft(name, " -")
	if end := strings.IndexAny(name, " -"); end >= 0 {
		return name[:end]
	}
	return name
}

// alike returns a first name that goes with another as twins' names do, or the other one drawn for lack of such a name.
func alike(name, drawn string) string {
	for _, pair := range [][2]string{{"Sophie", "Sophia"}, {"Emma", "Emily"}, {"Anna", "Hannah"}, {"Isabel", "Isabella"}, {"Louise", "Louisa"},
		{"Daniel", "Danielle"}, {"Michael", "Michelle"}, {"Paul", "Paula"}, {"Samuel", "Samantha"}, {"Joan", "Joanne"}, {"Christine", "Christina"},
		{"Patrick", "Patricia"}, {"Stephen", "Stephanie"}, {"Andrew", "Andrea"}, {"Karen", "Kathryn"}, {"Martin", "Martina"}, {"Lynn", "Lynda"},
		{"Hassan", "Hussain"}, {"Gurpreet", "Harpreet"}, {"Mandeep", "Sandeep"}, {"Sukhwinder", "Kulwinder"}, {"Aaron", "Erin"}, {"Marie", "Maria"},
		{"Mohammed Ali", "Mohammed Hassan"}, {"Mary Ann", "Mary Jane"}, {"Mary", "Marie"}, {"Rajinder", "Parminder"}, {"Jane", "Janet"}, {"Helen", "Ellen"}} {
		if pair[0] == name {
			return pair[1]
		}
		if pair[1] == name {
			return pair[0]
		}
	}
	return drawn
}

// nextNINO returns the number issued next, if it is free.
func (g *Register) nextNINO(n teacher.NINO) (teacher.NINO, bool) {
	number, err := strconv.Atoi(n.Body()[2:])
	if err != nil || number == 999999 {
		return teacher.NINO{}, false
	}
	return g.takeNINO(fmt.Sprintf("%s%06d", n.Body()[:2], number+1))
}

// childOf returns a son or daughter of the same name as the parent, at the same mailbox for one in five. One in twenty
// was born on the parent's birthday.
func (g *Register) childOf(p teacher.Record) teacher.Record {
	c := g.drawPerson()
	c.Name.First, c.Name.Last, c.PreviousNames, c.Status = p.Name.First, p.Name.Last, nil, teacher.Active
	year := min(p.DateOfBirth.Year()+20+g.rng.IntN(20), 2005)
	c.DateOfBirth = date(year, c.DateOfBirth.Month(), c.DateOfBirth.Day())
	if g.rng.IntN(20) == 0 {
		c.DateOfBirth = date(year, p.DateOfBirth.Month(), p.DateOfBirth.Day())
	}
	g.shareHome(p, &c)
	return c
}

// spouseOf returns someone with the same last name.
func (g *Register) spouseOf(p teacher.Record) teacher.Record {
	s := g.drawPerson()
	s.PreviousNames = []teacher.Name{{First: s.Name.First, Last: s.Name.Last}}
	s.Name.Last, s.Status = p.Name.Last, teacher.Active
	g.shareHome(p, &s)
	return s
}

func (g *Register) shareHome(p teacher.Record, other *teacher.Record) {
	if g.rng.IntN(5) == 0 {
		other.Email = p.Email
	}
	if g.rng.IntN(3) == 0 {
		other.Providers = p.Providers
	}
}
