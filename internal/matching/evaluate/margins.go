package evaluate

import (
	"math"
	"time"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Margin is what the score behind our rule adds, in both directions together, if its threshold stands some bits
// above the best wrong record it saw in training.
type Margin struct {
	Bits                 float64
	Found, Wrong, Misled int
	People, Lookups      int // there were, in both directions
	// Headroom is by how many bits the threshold stood above the best wrong record that was judged; negative if that
	// was let through.
	Headroom float64
}

// behind is what a score makes of the lookups for which our rule finds nothing.
type behind struct {
	threshold       float64
	bits            []float64
	verdicts        []Verdict
	people, lookups int
}

func (w *world) behind(lookups []Lookup, s *Score) behind {
	b := behind{threshold: s.Behind, lookups: len(lookups)}
	bits, verdicts := make([]float64, len(lookups)), make([]Verdict, len(lookups))
	w.each(lookups, func(i int, records []teacher.Record, _ time.Duration) {
		verdicts[i] = Missed
		l := &lookups[i]
		if matching.Decide(l.Given, records).Outcome != matching.NotFound {
			return
		}
		if ranked := s.rank(&l.Given, records); len(ranked) > 0 {
			d := s.Decide(&l.Given, records, math.Inf(-1))
			bits[i], verdicts[i] = ranked[0].bits, w.register.judge(l, &d)
		}
	})
	for i, v := range verdicts {
		if lookups[i].Owner != nobody {
			b.people++
		}
		if v != Missed {
			b.bits, b.verdicts = append(b.bits, bits[i]), append(b.verdicts, v)
		}
	}
	return b
}

// margins counts what the score adds at the threshold it was trained to, and above it.
func margins(directions ...behind) []Margin {
	var list []Margin
	for _, bits := range []float64{0, 5, clear, 2 * clear} {
		m := Margin{Bits: bits, Headroom: math.Inf(1)}
		for _, d := range directions {
			m.People += d.people
			m.Lookups += d.lookups
			for i, v := range d.verdicts {
				if v == Wrong || v == Misled {
					m.Headroom = min(m.Headroom, d.threshold+bits-d.bits[i])
				}
				if d.bits[i] < d.threshold+bits {
					continue
				}
				switch v {
				case Right:
					m.Found++
				case Wrong:
					m.Wrong++
				case Misled:
					m.Misled++
				}
			}
		}
		list = append(list, m)
	}
	return list
}
