package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Lookup is a person's details and true identity.
type Lookup struct {
	Kind  string // of error, or of impostor
	Given matching.Person
	Owner int32 // of the records that are right to find; noOwner for an impostor
}

// noOwner is the owner of no record.
const noOwner = -1

// Lookups makes n lookups at least, as many of each kind: by people of the register who make an error, and by people
// who are not in it but resemble someone who is.
func (g *Register) Lookups(n int) []Lookup {
	each := (n + len(errorKinds) + len(impostorKinds) - 1) / (len(errorKinds) + len(impostorKinds))
	var lookups []Lookup
	for i := range errorKinds {
		for range each {
			lookups = append(lookups, g.lookupWith(&errorKinds[i]))
		}
	}
	for i := range impostorKinds {
		for range each {
			lookups = append(lookups, g.impostor(&impostorKinds[i]))
		}
	}
	return lookups
}

// lookupWith returns a lookup by a person of the register who makes one kind of error. People are drawn until there is
// one who can make it: only a name with an accent can lose it.
func (g *Register) lookupWith(kind *errorKind) Lookup {
	for {
		at := g.drawActive()
		r := &g.Records[at]
		p := g.typed(r)
		if kind.name != noError {
			g.writeAsPeopleDo(r, &p)
		}
		if kind.make(g, r, &p) {
			return Lookup{Kind: kind.name, Given: p, Owner: g.Owner[at]}
		}
	}
}

func (g *Register) drawActive() int {
	for {
		if at := g.rng.IntN(len(g.Records)); g.Records[at].Status == teacher.Active {
			return at
		}
	}
}

// typed returns what the person of a record gives when they make no error: always name, date of birth and email; often
// the National Insurance number and the provider; seldom a TRN that they half remember. The email is the one on
// record for three in five of those who have one there.
func (g *Register) typed(r *teacher.Record) matching.Person {
	p := matching.Person{First: r.Name.First, Last: r.Name.Last, DateOfBirth: r.DateOfBirth, NINO: r.NINO, Email: r.Email}
	if g.rng.IntN(10) == 0 {
		p.Middle = r.Name.Middle
	}
	if len(r.PreviousNames) > 0 && g.rng.IntN(10) < 4 {
		p.PreviousLast = r.PreviousNames[0].Last
	}
	if p.NINO.IsZero() {
		p.NINO = g.drawNINO() // the register does not have it, the person does
	}
	if g.rng.IntN(100) < 25 {
		p.NINO = teacher.NINO{}
	}
	if p.Email.IsZero() || g.rng.IntN(10) < 4 {
		p.Email = g.ownEmail(r.Name)
	}
	if g.rng.IntN(100) < 70 {
		providers := r.Providers
		if len(providers) == 0 {
			providers = g.drawProvider()
		}
		p.Provider = teacher.Provider{Name: providers[0].Name}
		if g.rng.IntN(10) == 0 {
			p.Provider = teacher.Provider{UKPRN: providers[0].UKPRN}
		}
	}
	if g.rng.IntN(100) < 3 {
		p.TRN = r.TRN
	}
	return p
}

// writeAsPeopleDo varies the spelling of names, in lookups with any kind of error except none: one person in four
// writes their name differently from the record, if the name allows it.
func (g *Register) writeAsPeopleDo(r *teacher.Record, p *matching.Person) {
	if g.rng.IntN(4) > 0 {
		return
	}
	habits := []func(*Register, *teacher.Record, *matching.Person) bool{
		accentsLeftOut, apostropheOtherwise, hyphenOrSpace, halfName, married, oldName, shortForm, middleWithFirst, secondFirstLeftOut,
	}
	before := *p
	if !habits[g.rng.IntN(len(habits))](g, r, p) {
		*p = before
	}
}

// mostlyLatin reports whether a name is in Latin letters.
func mostlyLatin(name string) bool { return strings.IndexFunc(name, isOtherScript) < 0 }

func isOtherScript(r rune) bool { return r >= 'Ͱ' && r < 'Ḁ' }
