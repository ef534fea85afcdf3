package matcheval

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// impostorKind is one way in which a person who is not in the register resembles someone who is. Nobody here means
// harm: they are people who never had a TRN, or whose record was never made.
type impostorKind struct {
	name string
	// make is the record that the impostor would have; false if nobody resembles this record in this way.
	make func(g *Register, r teacher.Record) (teacher.Record, bool)
}

var impostorKinds = []impostorKind{
	{"twin", func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.twinOf(r), true }},
	{"twin with a name alike", twinAlike},
	{"twin at one mailbox", twinAtOneMailbox},
	{"child of one name", func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.childOf(r), true }},
	{"child of one name and mailbox", childAtOneMailbox},
	{"husband or wife", func(g *Register, r teacher.Record) (teacher.Record, bool) { return g.spouseOf(r), true }},
	{"namesake with one birthday", namesakeWithBirthday},
	{"namesake, birthday, provider", namesakeBirthdayProvider},
	{"namesake at one provider", namesakeAtProvider},
	{"namesake, birthday nearly", namesakeNearBirthday},
	{"namesake, NINO nearly", namesakeNearNINO},
	{"namesake of the former name", namesakeOfFormerName},
	{"namesake by short form", namesakeByShortForm},
	{"colleague at one mailbox", colleague},
	{"someone else's NINO", othersNINO},
	{"in-law with one birthday", inLaw},
	{"stranger", func(g *Register, _ teacher.Record) (teacher.Record, bool) { return g.drawPerson(), true }},
}

func (g *Register) impostor(kind *impostorKind) Lookup {
	for {
		r, ok := kind.make(g, g.Records[g.drawActive()])
		if ok {
			r.TRN, r.FormerTRNs = teacher.TRN{}, nil
			return Lookup{Kind: kind.name, Given: g.typed(&r), Owner: nobody}
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

// namesake has the name of a record and nothing else of it.
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
