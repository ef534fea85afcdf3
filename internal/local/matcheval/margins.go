package matcheval

import "math"

// Margin is what the score behind our rule adds if its threshold stands some bits above the best wrong record it saw
// in training.
type Margin struct {
	Bits                 float64
	Found, Wrong, Misled int
	People, Lookups      int // there were
	// Spoilt is the number of registers on which it adds a false match.
	Spoilt int
	// Headroom is by how many bits the threshold stood above the best wrong record that was judged; negative if that
	// was let through.
	Headroom float64
}

// FalseMatches is how many the score adds, whether or not the evidence itself pointed at them.
func (m *Margin) FalseMatches() int { return m.Wrong + m.Misled }

// marginsTried are the margins that are counted, in bits, the smallest first.
var marginsTried = [...]float64{0, 5, clear, 2 * clear}

// margins counts what the score adds on one register at the threshold it was trained to, and above it.
func margins(threshold float64, judged ...behind) []Margin {
	var list []Margin
	for _, bits := range marginsTried {
		m := Margin{Bits: bits, Headroom: math.Inf(1)}
		for _, b := range judged {
			m.add(&b, threshold+bits)
		}
		if m.FalseMatches() > 0 {
			m.Spoilt = 1
		}
		list = append(list, m)
	}
	return list
}

func (m *Margin) add(b *behind, threshold float64) {
	m.People += b.people
	m.Lookups += b.lookups
	for i, v := range b.verdicts {
		if v == Wrong || v == Misled {
			m.Headroom = min(m.Headroom, threshold-b.bits[i])
		}
		if b.bits[i] < threshold {
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

// together is the margins of trials, summed, and our rule's tally.
func together(trials []Trial) ([]Margin, Tally) {
	sum, ours := make([]Margin, len(marginsTried)), Tally{}
	for i, bits := range marginsTried {
		sum[i] = Margin{Bits: bits, Headroom: math.Inf(1)}
		for _, t := range trials {
			m := &t.Margins[i]
			sum[i].Found += m.Found
			sum[i].Wrong += m.Wrong
			sum[i].Misled += m.Misled
			sum[i].People += m.People
			sum[i].Lookups += m.Lookups
			sum[i].Spoilt += m.Spoilt
			sum[i].Headroom = min(sum[i].Headroom, m.Headroom)
		}
	}
	for _, t := range trials {
		for verdict, n := range t.Ours {
			ours[verdict] += n
		}
	}
	return sum, ours
}
