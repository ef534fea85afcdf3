package matcheval

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Register is synthetic people as the register knows them.
type Register struct {
	Records []teacher.Record
	// Owner identifies the person of each record: records of one person have the same owner.
	Owner []int32

	rng       *rand.Rand
	owners    int32
	ninos     map[string]struct{} // their first eight characters
	providers [][]teacher.Provider
}

// firstTRN is the TRN of the first record; the others follow.
const firstTRN = 1000000

// NewRegister makes a register of about n records. The same seed makes the same register.
//
// A fifth of the people have previous names, a quarter no National Insurance number on record, three fifths no
// email. Some are twins, parents and children of one name, couples, and sisters and brothers who share a mailbox;
// some have two records, of which some were merged; some share the mailbox of a school.
func NewRegister(n int, seed uint64) *Register {
	g := &Register{
		Records: make([]teacher.Record, 0, n+8), Owner: make([]int32, 0, n+8),
		rng: rand.New(rand.NewPCG(seed, 1)), ninos: make(map[string]struct{}, n),
	}
	for i := range 160 {
		g.providers = append(g.providers, []teacher.Provider{{UKPRN: fmt.Sprintf("1000%04d", 7000+i), Name: providerName(i)}})
	}
	for len(g.Records) < n {
		g.addFamily()
	}
	return g
}

func providerName(i int) string {
	place := strings.Split("Ashby Barwick Calder Denholm Elmet Farndale Granby Holme Irwell Kelham Langdale Marsden Norwick Oakham Penrose Quorn Ribble Selby Thornton Ulver", " ")[i%20]
	return fmt.Sprintf([]string{"University of %s", "%s University", "%s Teaching School Alliance", "%s SCITT", "%s College of Education", "The %s Partnership Ltd", "%s & District Training Limited", "St Mary's College %s"}[i/20], place)
}

// addFamily adds one person, or two who belong together.
func (g *Register) addFamily() {
	p := g.drawPerson()
	own := g.add(p)
	switch at := g.rng.IntN(1000); {
	case at < 8:
		g.add(g.twinOf(p))
	case at < 16:
		g.add(g.childOf(p))
	case at < 26:
		g.add(g.spouseOf(p))
	case at < 36:
		g.addSecondRecord(own)
	}
}

// drawPerson draws a person who is related to nobody.
func (g *Register) drawPerson() teacher.Record {
	group, sex := drawGroup(g.rng), min(1, g.rng.IntN(4)) // three in four teachers are women
	r := teacher.Record{Status: teacher.Active}
	r.Name = teacher.Name{First: group.firsts[sex].draw(g.rng), Last: group.lasts.draw(g.rng)}
	if g.rng.IntN(10) < 6 {
		r.Name.Middle = group.firsts[sex].draw(g.rng)
	}
	if g.rng.IntN(100) < 5 {
		r.Name.First += []string{" ", "-"}[g.rng.IntN(2)] + group.firsts[sex].draw(g.rng)
	}
	if g.rng.IntN(100) < 4 {
		r.Name.Last += []string{"-", "-", " "}[g.rng.IntN(3)] + group.lasts.draw(g.rng)
	}
	if g.rng.IntN(100) < 20 {
		r.PreviousNames = []teacher.Name{{First: r.Name.First, Last: group.lasts.draw(g.rng)}}
		if g.rng.IntN(20) == 0 {
			r.PreviousNames[0].First = group.firsts[sex].draw(g.rng)
		}
	}
	r.DateOfBirth = g.drawDate()
	if group.share == 95 && g.rng.IntN(30) == 0 {
		r.DateOfBirth = date(r.DateOfBirth.Year(), 1, 1) // a birthday that was not known when it was registered
	}
	if g.rng.IntN(100) < 75 {
		r.NINO = g.drawNINO()
	}
	r.Email = g.drawEmail(r.Name)
	if g.rng.IntN(100) < 90 {
		r.Providers = g.drawProvider()
	}
	switch at := g.rng.IntN(1000); {
	case at < 15:
		r.Status = teacher.Deactivated
	case at < 20:
		r.Status = teacher.Deceased
	}
	return r
}

// add gives a record its TRN and an owner of its own, and returns its place.
func (g *Register) add(r teacher.Record) int {
	r.TRN = trn(firstTRN + len(g.Records))
	g.Records = append(g.Records, r)
	g.Owner = append(g.Owner, g.owners)
	g.owners++
	return len(g.Records) - 1
}

// addSecondRecord gives a person a second record: under the last name of another time and without what was not
// asked then. Half of such records have been merged into the first.
func (g *Register) addSecondRecord(first int) {
	r := g.Records[first]
	r.PreviousNames = nil
	if previous := g.Records[first].PreviousNames; len(previous) > 0 {
		r.Name.Last = previous[0].Last
	}
	if g.rng.IntN(2) == 0 {
		r.NINO = teacher.NINO{}
	}
	r.Email = teacher.EmailKey{}
	second := g.add(r)
	g.Owner[second] = g.Owner[first]
	if g.rng.IntN(2) == 0 {
		g.Records[second].Status, g.Records[second].MergedInto = teacher.Merged, g.Records[first].TRN
		g.Records[first].FormerTRNs = []teacher.TRN{g.Records[second].TRN}
	}
}

func (g *Register) drawDate() teacher.Date {
	// The ages of teachers, from 21 to 76, most between 30 and 60.
	year := 1950 + (g.rng.IntN(56)+g.rng.IntN(56))/2
	return date(year, 1+g.rng.IntN(12), 1+g.rng.IntN(31))
}

// drawNINO draws a number whose first eight characters nobody has.
func (g *Register) drawNINO() teacher.NINO {
	for {
		body := ninoPrefixes[g.rng.IntN(len(ninoPrefixes))] + fmt.Sprintf("%06d", g.rng.IntN(1000000))
		if n, ok := g.takeNINO(body); ok {
			return n
		}
	}
}

// takeNINO takes the number with these first eight characters, if it is free and a number of somebody's.
func (g *Register) takeNINO(body string) (teacher.NINO, bool) {
	nino := must(teacher.ParseNINO(body + "ABCD"[g.rng.IntN(4):][:1]))
	if _, taken := g.ninos[body]; taken || nino.MadeUp() {
		return teacher.NINO{}, false
	}
	g.ninos[body] = struct{}{}
	return nino, true
}

// ninoPrefixes are prefixes of numbers given to people of working age, by series: most of each series is used.
var ninoPrefixes = func() []string {
	var prefixes []string
	for _, first := range "ABCEGHJKLMNOPRSTWXYZ" {
		for _, second := range "ABCEGHJKLMNPRSTWXYZ" {
			prefix := string(first) + string(second)
			if _, err := teacher.ParseNINO(prefix + "000001"); err == nil {
				prefixes = append(prefixes, prefix)
			}
		}
	}
	return prefixes
}()

func (g *Register) drawProvider() []teacher.Provider {
	return g.providers[drawSkewed(g.rng, len(g.providers))]
}

// drawEmail draws a person's email: none for three in five, the mailbox of a school for one in forty, else one of
// their own.
func (g *Register) drawEmail(name teacher.Name) teacher.EmailKey {
	switch at := g.rng.IntN(1000); {
	case at < 600:
		return teacher.EmailKey{}
	case at < 625:
		role := []string{"headteacher", "office", "info", "admin"}[g.rng.IntN(4)]
		return email(fmt.Sprintf("%s@school-%d.example.com", role, g.rng.IntN(1+cap(g.Records)/500)))
	}
	return g.ownEmail(name)
}

func (g *Register) ownEmail(name teacher.Name) teacher.EmailKey {
	local := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, matching.Fold(name.First)+matching.Fold(name.Last))
	return email(fmt.Sprintf("%s%d@example.com", local, 1+g.rng.IntN(1e6)))
}

func trn(number int) teacher.TRN { return must(teacher.ParseTRN(fmt.Sprintf("%07d", number))) }

func email(text string) teacher.EmailKey { return must(teacher.ParseEmailKey(text)) }

// date returns a day, the last of its month if the month is shorter.
func date(year, month, day int) teacher.Date {
	for ; day > 28; day-- {
		if d, err := teacher.NewDate(year, month, day); err == nil {
			return d
		}
	}
	return must(teacher.NewDate(year, month, day))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) // impossible: the values are made to be valid
	}
	return value
}
