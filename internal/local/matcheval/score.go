package matcheval

import (
	"math"
	"slices"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Score is a Fellegi–Sunter score. For each kind of evidence it adds the binary logarithm of how much likelier the
// level of agreement is for a person's own record than for another's, less the commoner the value: a shared name Smith
// is weak evidence, a shared National Insurance number strong evidence.
type Score struct {
	own, others [len(matching.AllEvidence)][levels]float64 // probabilities
	firsts      map[string]float64                         // how common folded first names are
	lasts       map[string]float64
	providers   map[string]float64
	floor       float64 // of a name that was never seen
	// Threshold is the score, in bits, below which no record is found.
	Threshold float64
}

// clear is by how many bits the best record must lead the next: odds of a thousand to one.
const clear = 10

// scored is a record and its score.
type scored struct {
	trn  teacher.TRN
	bits float64
}

// Decide finds the record with the best score, if that reaches a threshold, three kinds agree at least nearly, and
// no other comes near it.
func (s *Score) Decide(p *matching.Person, records []teacher.Record, threshold float64) matching.Decision {
	ranked := s.rank(p, records)
	if len(ranked) == 0 || ranked[0].bits < threshold {
		return matching.Decision{Outcome: matching.NotFound}
	}
	return lead(ranked)
}

// lead finds the best of ranked records, of which there is one at least, if the next does not come near it.
func lead(ranked []scored) matching.Decision {
	if len(ranked) == 1 || ranked[0].bits-ranked[1].bits >= clear {
		return matching.Decision{Outcome: matching.Found, TRN: ranked[0].trn}
	}
	return matching.Decision{Outcome: matching.Several, Candidates: []teacher.TRN{ranked[0].trn, ranked[1].trn}}
}

// rank returns the active records with three kinds that agree at least nearly, the best first.
func (s *Score) rank(p *matching.Person, records []teacher.Record) []scored {
	f := fold(p)
	var ranked []scored
	for i := range records {
		r := &records[i]
		if r.Status != teacher.Active {
			continue
		}
		if c, ok := compare(p, &f, r); ok && !c.outweighed() {
			ranked = append(ranked, scored{r.TRN, s.bits(p, &f, r, &c, records)})
		}
	}
	slices.SortFunc(ranked, func(a, b scored) int {
		if a.bits != b.bits {
			return int(math.Copysign(1, b.bits-a.bits))
		}
		return strings.Compare(a.trn.Digits(), b.trn.Digits())
	})
	return ranked
}

// bits returns the score of a comparison.
func (s *Score) bits(p *matching.Person, f *folded, r *teacher.Record, c *comparison, records []teacher.Record) float64 {
	sum := 0.0
	for kind, l := range c {
		if l == missing {
			continue
		}
		sum += math.Log2(s.own[kind][l] / s.chance(kind, l, p, f, r, records))
	}
	return sum
}

// chance returns the probability that another person's record reaches a level, given how common the values are.
func (s *Score) chance(kind int, l level, p *matching.Person, f *folded, r *teacher.Record, records []teacher.Record) float64 {
	first, last := s.frequency(s.firsts, f.firsts), s.frequency(s.lasts, f.lasts)
	average := s.others[kind][l]
	switch {
	case kind == atName && l == exact:
		return first * last
	case kind == atName && l == nearFirst, kind == atName && l == lastOnly:
		return max(average, last*conditional(s, l, nearFirst, lastOnly))
	case kind == atName && l == nearLast, kind == atName && l == firstOnly:
		return max(average, first*conditional(s, l, nearLast, firstOnly))
	case kind == atProvider && l == exact:
		return max(s.floor, s.providers[plainProvider(p.Provider.Name+p.Provider.UKPRN)])
	case kind == atEmail && l == exact:
		sharers := 0.0
		for i := range records {
			if records[i].Email == r.Email {
				sharers++
			}
		}
		return sharers * s.floor
	}
	return average
}

// conditional returns how likely a level is among others' records that share the one name, first or last.
func conditional(s *Score, l, nearly, only level) float64 {
	o := &s.others[atName]
	return o[l] / (o[nearly] + o[only])
}

// frequency returns how common the commonest of some names is.
func (s *Score) frequency(of map[string]float64, names []string) float64 {
	most := s.floor
	for _, name := range names {
		most = max(most, of[name])
	}
	return most
}
