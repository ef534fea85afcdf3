package matcheval

import (
	"fmt"
	"io"
	"strings"
	"time"

	"losttrn/internal/guess"
	"losttrn/internal/local/remembered"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Honest measures the effect of the rule against guessing (package guess) on people who do not guess, on days of
// lookups with the shares of shares.tsv, each through the form: an early match after the date of birth and after each
// answer, and up to two further tries by those who were not found.
type Honest struct {
	Days, People   int
	Lookups, Found int // lookups, and those found
	Lost           int // not found, and found without the rule
	Tries          int // requests that found nothing and were remembered
	Requests       int // early matches and lookups
	ReadFound      int // entries and shelves read of lookups that were found, and of those that were not
	ReadNotFound   int
	WrittenFound   int
	WrittenNot     int
	Further        int // finds that read further entries
	// Attacked is the first name of people beside whose every birthday somebody tried guess.MaxValues values of two kinds
	// before; "", there was no such attack.
	Attacked                string
	AttackTries             int
	NamedLookups, NamedLost int // of people of that first name
}

// Shares of honest behaviour, all assumed.
const (
	atOffice  = 0.01 // lookups from the one mailbox of a school
	offices   = 500
	triesMore = 0.6 // those not found who try again, with other details
)

// RunHonest simulates days of lookups on a register.
func RunHonest(o Options, days int, attacked string) *Honest {
	o.report("making the register")
	g := NewRegister(o.People, o.Seed)
	index := NewIndex(g.Records)
	o.report("looking up")
	h := &Honest{Days: days, People: o.People, Attacked: attacked}
	memory := remembered.New()
	if attacked != "" {
		h.AttackTries = attack(memory, attacked)
	}
	for range days {
		for _, visit := range g.honestDay(o.Lookups) {
			h.visit(g, index, memory, visit)
		}
	}
	return h
}

// honestVisit is a person at the form, and what they give at each try.
type honestVisit []matching.Person

func (g *Register) honestDay(lookups int) []honestVisit {
	var day []honestVisit
	add := func(kind string, make func() []matching.Person) {
		n := shares()[kind].Lookups * float64(lookups) / 100_000
		for count := int(n); count > 0; count-- {
			day = append(day, make())
		}
		if g.rng.Float64() < n-float64(int(n)) {
			day = append(day, make())
		}
	}
	for i := range errorKinds {
		kind := &errorKinds[i]
		add(kind.name, func() []matching.Person { return g.honestTries(kind) })
	}
	for i := range impostorKinds {
		kind := &impostorKinds[i]
		add(kind.name, func() []matching.Person { return []matching.Person{g.impostor(kind).Given} })
	}
	g.rng.Shuffle(len(day), func(i, j int) { day[i], day[j] = day[j], day[i] })
	return day
}

// honestTries returns what one person gives with one kind of error, and what they give if that finds nothing.
func (g *Register) honestTries(kind *errorKind) []matching.Person {
	for {
		r := &g.Records[g.drawActive()]
		p := g.typed(r)
		again := p
		if !kind.make(g, r, &p) {
			continue
		}
		if g.rng.Float64() < atOffice {
			p.Email = email(fmt.Sprintf("office%d@example.org", g.rng.IntN(offices)))
		}
		tries := []matching.Person{p}
		for range 2 {
			if g.rng.Float64() < triesMore {
				again.Email = p.Email
				if again.NINO.IsZero() {
					again.NINO = r.NINO
				}
				if more := g.typed(r); !more.Provider.IsZero() {
					again.Provider = more.Provider
				}
				tries = append(tries, again)
			}
		}
		return tries
	}
}

// stages returns what the form knows after each answer from the date of birth on.
func stages(p matching.Person) []matching.Person {
	early := p
	early.NINO, early.Provider, early.TRN = teacher.NINO{}, teacher.Provider{}, teacher.TRN{}
	withNINO := early
	withNINO.NINO = p.NINO
	if p.NINO.IsZero() {
		return []matching.Person{early, p}
	}
	return []matching.Person{early, withNINO, p}
}

func (h *Honest) visit(g *Register, index *Index, memory *remembered.Memory, visit honestVisit) {
	for _, p := range visit {
		h.Lookups++
		found, would, read, written := false, false, 0, 0
		p.Provider = g.named(p.Provider)
		for _, stage := range stages(p) {
			records, _ := index.candidatesOf(nil, nil, &stage)
			h.Requests++
			would = would || matching.Decide(stage, records).Outcome == matching.Found
			decision, c := memory.LookUp(stage, records...)
			read, written = read+c.Entries+c.Shelves+c.Further, written+c.Values+c.Notes
			if c.Values+c.Notes > 0 {
				h.Tries++
			}
			if found = decision.Outcome == matching.Found; found {
				h.Further += min(c.Further, 1)
				break
			}
		}
		named := h.Attacked != "" && strings.EqualFold(p.First, h.Attacked)
		if named {
			h.NamedLookups++
		}
		if would && !found {
			h.Lost++
			if named {
				h.NamedLost++
			}
		}
		if found {
			h.Found++
			h.ReadFound, h.WrittenFound = h.ReadFound+read, h.WrittenFound+written
			return
		}
		h.ReadNotFound, h.WrittenNot = h.ReadNotFound+read, h.WrittenNot+written
	}
}

// named returns a provider with its name, as the lookup function knows it from the list of providers.
func (g *Register) named(p teacher.Provider) teacher.Provider {
	for _, listed := range g.providers {
		if p.Name == "" && p.UKPRN != "" && listed[0].UKPRN == p.UKPRN {
			return listed[0]
		}
	}
	return p
}

// attack tries, beside a first name and every day on which a teacher may be born, enough providers and mailboxes to
// silence both kinds there. It returns the number of tries.
func attack(memory *remembered.Memory, first string) (tries int) {
	for at := time.Date(1946, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2006; at = at.AddDate(0, 0, 1) {
		born, err := teacher.ParseDate(at.Format(time.DateOnly))
		if err != nil {
			panic(err) // impossible: it is a day
		}
		for i := range guess.MaxValues {
			memory.LookUp(matching.Person{First: first, Last: "Attacked", DateOfBirth: born, Email: email(fmt.Sprintf("attacker%d@example.org", i)),
				Provider: teacher.Provider{Name: fmt.Sprintf("Tried %d", i)}})
			tries++
		}
	}
	return tries
}

// Print prints the counts.
func (h *Honest) Print(w io.Writer) {
	notFound := max(1, h.Lookups-h.Found)
	fmt.Fprintf(w, "%d days, %d people: %d lookups, %d found, %d requests, %d remembered\n", h.Days, h.People, h.Lookups, h.Found, h.Requests, h.Tries)
	fmt.Fprintf(w, "not found that would have been without the rule: %d, %.2f in 10,000\n", h.Lost, 1e4*float64(h.Lost)/float64(h.Lookups))
	fmt.Fprintf(w, "entries and shelves of a whole visit, a unit each: found %.1f read, %.1f written; not found %.1f read, %.1f written\n",
		float64(h.ReadFound)/float64(max(1, h.Found)), float64(h.WrittenFound)/float64(max(1, h.Found)),
		float64(h.ReadNotFound)/float64(notFound), float64(h.WrittenNot)/float64(notFound))
	if h.Attacked != "" {
		fmt.Fprintf(w, "after %d tries beside %s and every birthday: of %d lookups of people called so %d not found\n", h.AttackTries, h.Attacked, h.NamedLookups, h.NamedLost)
	}
	fmt.Fprintf(w, "finds that read further entries: %.2f %%\n", 100*float64(h.Further)/float64(max(1, h.Found)))
}
