package matcheval

import (
	"math"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Train estimates a score on a register and lookups of their own: how often each level occurs between people and
// their own records, how often between people and records drawn at random, and how common the values are. Then it
// sets the threshold: just above the highest score at which the score found a wrong record there.
func Train(p *population) *Score {
	g := p.register
	s := &Score{firsts: map[string]float64{}, lasts: map[string]float64{}, providers: map[string]float64{}, floor: 1 / float64(len(g.Records))}
	s.countValues(g)
	s.countLevels(g, p.lookups)
	s.setThreshold(p)
	return s
}

func (s *Score) countValues(g *Register) {
	for i := range g.Records {
		r := &g.Records[i]
		s.firsts[matching.Fold(r.Name.First)] += s.floor
		s.lasts[matching.Fold(r.Name.Last)] += s.floor
		for _, p := range r.Providers {
			s.providers[plainProvider(p.Name)] += s.floor
			s.providers[p.UKPRN] += s.floor
		}
	}
}

// othersDrawn is how many records drawn at random each lookup is compared with.
const othersDrawn = 40

func (s *Score) countLevels(g *Register, lookups []Lookup) {
	first := g.firstOfOwner()
	for i := range lookups {
		l := &lookups[i]
		if l.Owner == noOwner {
			continue
		}
		f := fold(&l.Given)
		s.count(&s.own, &l.Given, &f, &g.Records[first[l.Owner]])
		for range othersDrawn {
			if at := g.rng.IntN(len(g.Records)); g.Owner[at] != l.Owner {
				s.count(&s.others, &l.Given, &f, &g.Records[at])
			}
		}
	}
	for kind := range matching.AllEvidence {
		normalise(&s.own[kind])
		normalise(&s.others[kind])
	}
	// Unique values are too rare to be seen among so few.
	s.others[atNINO][exact] = s.floor
	s.others[atTRN][exact], s.others[atTRN][lenient] = s.floor, s.floor
}

// firstOfOwner returns the place of each owner's first active record, or of their first.
func (g *Register) firstOfOwner() []int32 {
	first := make([]int32, g.owners)
	for i := len(g.Owner) - 1; i >= 0; i-- {
		if o := g.Owner[i]; g.Records[i].Status == teacher.Active || first[o] == 0 {
			first[o] = int32(i)
		}
	}
	return first
}

// count counts the level of every kind, whether or not three agree.
func (s *Score) count(into *[len(matching.AllEvidence)][levels]float64, p *matching.Person, f *folded, r *teacher.Record) {
	c, _ := compare(p, f, r)
	c[atProvider] = compareProviders(p.Provider, r.Providers)
	c[atName] = compareNames(p, f, r)
	for kind, l := range c {
		into[kind][l]++
	}
}

// normalise makes probabilities of counts, of the levels other than missing, none quite zero.
func normalise(counts *[levels]float64) {
	sum := 0.0
	for l := range counts {
		if level(l) != missing {
			counts[l] += 0.5
			sum += counts[l]
		}
	}
	for l := range counts {
		counts[l] /= sum
	}
}

func (s *Score) setThreshold(p *population) {
	s.Threshold = math.Inf(-1)
	var records []teacher.Record
	var places []int32
	for i := range p.lookups {
		l := &p.lookups[i]
		records, places = p.index.candidatesOf(records, places, &l.Given)
		ranked := s.rank(&l.Given, records)
		if len(ranked) == 0 {
			continue
		}
		if d := lead(ranked); p.register.judge(l, &d) == StrictFalse {
			s.Threshold = max(s.Threshold, ranked[0].bits)
		}
	}
	s.Threshold = math.Nextafter(s.Threshold, math.Inf(1))
}
