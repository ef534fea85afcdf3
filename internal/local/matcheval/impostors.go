package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// impostorKind is one way in which a person who is not in the register resembles someone who is. Most of them are
// honest people without a record; some give the number of another.
type impostorKind struct {
	name   string
	before bool // as of an errorKind
	// make returns the record that the impostor would have, and false if no one can resemble this record in this way.
	make func(g *Register, r teacher.Record) (teacher.Record, bool)
}

var impostorKinds = []impostorKind{
	{"twin", true, func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.twinOf(r), true }},
	{"twin with a name alike", true, twinAlike},
	{"twin at one mailbox", true, twinAtOneMailbox},
	{"child of one name", true, func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.childOf(r), true }},
	{"child of one name and mailbox", true, childAtOneMailbox},
	{"husband or wife", true, func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.spouseOf(r), true }},
	{"namesake with one birthday", true, namesakeWithBirthday},
	{"namesake, birthday, provider", true, namesakeBirthdayProvider},
	{"namesake at one provider", true, namesakeAtProvider},
	{"namesake, birthday nearly", true, namesakeNearBirthday},
	{"namesake, NINO nearly", true, namesakeNearNINO},
	{"namesake of the former name", true, namesakeOfFormerName},
	{"namesake by short form", true, namesakeByShortForm},
	{"colleague at one mailbox", true, colleague},
	{"someone else's NINO", true, othersNINO},
	{"in-law with one birthday", true, inLaw},
	{"stranger", true, func(g *Register, _ teacher.Record) (teacher.Record, bool) { return g.drawPerson(), true }},
	{"twin who gives the other's NINO", false, twinWithOthersNINO},
	{"child who gives the parent's NINO", false, childWithParentsNINO},
	{"twins with a first word in common", false, twinsOfOneFirstWord},
	{"brothers with a first word in common", false, brothersOfOneFirstWord},
}

func (g *Register) impostor(kind *impostorKind) Lookup {
	for {
		r, ok := kind.make(g, g.Records[g.drawActive()])
		if ok {
			r.TRN, r.FormerTRNs = teacher.TRN{}, nil
			return Lookup{Kind: kind.name, Given: g.typed(&r), Owner: noOwner}
		}
	}
}

func twinAlike(g *Register, r teacher.Record) (teacher.Record, bool) {
	t := g.twinOf(r)
	t.Name.First = alike(r.Name.First, "")
	return t, t.Name.First != ""
}

func twinAtOneMailbox(g *Register, r teacher.Record) (teacher.Record, bool) {
	t := g.twinOf(r)
	t.Email = r.Email
	return t, !r.Email.IsZero()
}

func childAtOneMailbox(g *Register, r teacher.Record) (teacher.Record, bool) {
	c := g.childOf(r)
	c.Email = r.Email
	return c, !r.Email.IsZero()
}

// namesake returns a person with the name of a record and nothing else in common.
func (g *Register) namesake(r teacher.Record) teacher.Record {
	n := g.drawPerson()
	n.Name.First, n.Name.Last, n.PreviousNames = r.Name.First, r.Name.Last, nil
	return n
}

func namesakeWithBirthday(g *Register, r teacher.Record) (teacher.Record, bool) {
	n := g.namesake(r)
	n.DateOfBirth = r.DateOfBirth
	return n, true
}

func namesakeBirthdayProvider(g *Register, r teacher.Record) (teacher.Record, bool) {
	n := g.namesake(r)
	n.DateOfBirth, n.Providers = r.DateOfBirth, r.Providers
	return n, len(r.Providers) > 0
}

func namesakeAtProvider(g *Register, r teacher.Record) (teacher.Record, bool) {
	n := g.namesake(r)
	n.Providers = r.Providers
	return n, len(r.Providers) > 0
}

func namesakeNearBirthday(g *Register, r teacher.Record) (teacher.Record, bool) {
	n := g.namesake(r)
	var p matching.Person
	if !dateMistyped(g, &r, &p) {
		return n, false
	}
	n.DateOfBirth = p.DateOfBirth
	if g.rng.IntN(2) == 0 {
		n.Providers = r.Providers
	}
	return n, true
}

func namesakeNearNINO(g *Register, r teacher.Record) (teacher.Record, bool) {
	n := g.namesake(r)
	var p matching.Person
	if !ninoMistyped(g, &r, &p) {
		return n, false
	}
	n.NINO = p.NINO
	if g.rng.IntN(2) == 0 {
		n.Providers = r.Providers
	}
	return n, true
}

func namesakeOfFormerName(g *Register, r teacher.Record) (teacher.Record, bool) {
	if len(r.PreviousNames) == 0 {
		return r, false
	}
	n := g.namesake(r)
	n.Name.Last, n.DateOfBirth = r.PreviousNames[0].Last, r.DateOfBirth
	return n, true
}

func namesakeByShortForm(g *Register, r teacher.Record) (teacher.Record, bool) {
	forms := shortFormsOf()[r.Name.First]
	if len(forms) == 0 {
		return r, false
	}
	n := g.namesake(r)
	n.Name.First, n.DateOfBirth = forms[g.rng.IntN(len(forms))], r.DateOfBirth
	return n, true
}

func colleague(g *Register, r teacher.Record) (teacher.Record, bool) {
	c := g.drawPerson()
	c.Email, c.Providers = r.Email, r.Providers
	return c, !r.Email.IsZero()
}

func othersNINO(g *Register, r teacher.Record) (teacher.Record, bool) {
	o := g.drawPerson()
	o.NINO, o.Providers = r.NINO, r.Providers
	return o, !r.NINO.IsZero()
}

func inLaw(g *Register, r teacher.Record) (teacher.Record, bool) {
	s := g.spouseOf(r)
	s.DateOfBirth, s.Providers = r.DateOfBirth, r.Providers
	return s, true
}

func twinWithOthersNINO(g *Register, r teacher.Record) (teacher.Record, bool) {
	t := g.twinOf(r)
	t.NINO = r.NINO
	return t, !r.NINO.IsZero()
}

func childWithParentsNINO(g *Register, r teacher.Record) (teacher.Record, bool) {
	c := g.childOf(r)
	c.NINO = r.NINO
	return c, !r.NINO.IsZero()
}

// twinsOfOneFirstWord returns a twin whose first name begins with a word that the family gives to all its sons or daughters:
// Mohammed Ali and Mohammed Hassan, Jean-Pierre and Jean-Claude.
func twinsOfOneFirstWord(g *Register, r teacher.Record) (teacher.Record, bool) {
	first, ok := g.ofOneFirstWord(r)
	if !ok {
		return r, false
	}
	t := g.twinOf(r)
	t.Name.First, t.Name.Middle = first, ""
	return t, true
}

// brothersOfOneFirstWord returns a brother or sister likewise, some years older or younger, in part at one mailbox.
func brothersOfOneFirstWord(g *Register, r teacher.Record) (teacher.Record, bool) {
	first, ok := g.ofOneFirstWord(r)
	if !ok {
		return r, false
	}
	b := g.drawPerson()
	b.Name, b.PreviousNames = teacher.Name{First: first, Last: r.Name.Last}, nil
	b.DateOfBirth = date(min(r.DateOfBirth.Year()+1+g.rng.IntN(9), 2005), b.DateOfBirth.Month(), b.DateOfBirth.Day())
	g.shareHome(r, &b)
	return b, true
}

// ofOneFirstWord returns a first name that differs after the first word, for a record that has a second one.
func (g *Register) ofOneFirstWord(r teacher.Record) (string, bool) {
	if !familyName(r.Name.First) {
		return "", false
	}
	word := firstWord(r.Name.First)
	for {
		second := drawGroup(g.rng).firsts[g.rng.IntN(2)].draw(g.rng)
		if mostlyLatin(second) && !isOneName(second, strings.TrimLeft(r.Name.First[len(word):], " -")) && firstWord(second) != word {
			return word + r.Name.First[len(word):len(word)+1] + second, true
		}
	}
}
