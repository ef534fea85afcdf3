package matcheval

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Trial is what our rule does on a register, and what a score that was trained on another adds where ours finds
// nothing: on its lookups and on the further people who are not in it.
type Trial struct {
	People          int // in the register
	Ours, Strangers Tally
	Margins         []Margin // as in marginsTried
	// FalseMatches are those of ours, for looking into.
	FalseMatches []FalseMatch
}

func (w *world) trial(s *Score) Trial {
	lookups, strangers := w.behind(w.lookups, s), w.behind(w.strangers, s)
	t := Trial{People: len(w.register.Records), Strangers: strangers.ours}
	for verdict := range t.Ours {
		t.Ours[verdict] = lookups.ours[verdict] + strangers.ours[verdict]
	}
	t.Margins = margins(s.behindOrNone(), lookups, strangers)
	t.FalseMatches = append(lookups.falseMatches, strangers.falseMatches...)
	return t
}

// behindOrNone is the threshold behind our rule; one that nothing reaches if no wrong record came up in training, as
// happens where few lookups were trained on: there is nothing then to set a threshold by.
func (s *Score) behindOrNone() float64 {
	if s.Behind == math.Nextafter(math.Inf(-1), 0) {
		return math.Inf(1)
	}
	return s.Behind
}

// behind is what our rule makes of lookups, and a score of those for which our rule finds nothing.
type behind struct {
	ours            Tally
	falseMatches    []FalseMatch
	bits            []float64
	verdicts        []Verdict // of the score, misses left out
	people, lookups int
}

func (w *world) behind(lookups []Lookup, s *Score) behind {
	b := behind{lookups: len(lookups)}
	bits := make([]float64, len(lookups))
	ours, score := make([]matching.Decision, len(lookups)), make([]Verdict, len(lookups))
	w.each(lookups, func(i int, records []teacher.Record, _ time.Duration) {
		score[i] = Missed
		l := &lookups[i]
		if ours[i] = matching.Decide(l.Given, records); ours[i].Outcome != matching.NotFound {
			return
		}
		if ranked := s.rank(&l.Given, records); len(ranked) > 0 {
			d := lead(ranked)
			bits[i], score[i] = ranked[0].bits, w.register.judge(l, &d)
		}
	})
	for i := range lookups {
		if lookups[i].Owner != nobody {
			b.people++
		}
		verdict := w.register.judge(&lookups[i], &ours[i])
		b.ours[verdict]++
		if verdict == Wrong {
			b.falseMatches = append(b.falseMatches, FalseMatch{lookups[i], w.register.Records[w.register.place(ours[i].TRN)]})
		}
		if score[i] != Missed {
			b.bits, b.verdicts = append(b.bits, bits[i]), append(b.verdicts, score[i])
		}
	}
	return b
}

// What the score is judged on besides: as many people again as the run's register has, on registers of their own, of
// which half serve to choose a margin and the other half to judge it. There are fewer registers if a tenth of the
// run's would be too small to draw every kind of lookup from, but two in each half, to train on one and judge on
// the other.
const (
	mostFurther   = 10
	fewestFurther = 4
	fewestPeople  = 5000
)

// furtherRegisters is how many further registers there are, an even number.
func (o Options) furtherRegisters() int {
	return min(mostFurther, max(fewestFurther, o.People/fewestPeople/2*2))
}

// furtherPeople is how many people each of them has.
func (o Options) furtherPeople() int { return max(fewestPeople, o.People/o.furtherRegisters()) }

// furtherLookups is how many lookups are made of each, and how many by people who are not in it: one for every second
// person, but no more than the run has of its register.
func (o Options) furtherLookups() int { return min(o.Lookups, o.furtherPeople()/2) }

// further judges our rule and the score on the further registers. Within each half, the score is trained on the
// register before, the first's on the last, so that neither half knows of the other.
func (o Options) further() []Trial {
	seeds, draw := make([]uint64, o.furtherRegisters()), rand.NewPCG(o.Seed, 2)
	o.People, o.Lookups = o.furtherPeople(), o.furtherLookups()
	for i := range seeds {
		seeds[i] = draw.Uint64()
	}
	trials, half := make([]Trial, len(seeds)), len(seeds)/2
	var wait sync.WaitGroup
	wait.Go(func() { o.round(seeds[:half], trials[:half]) })
	wait.Go(func() { o.round(seeds[half:], trials[half:]) })
	wait.Wait()
	return trials
}

// round judges on the register of each seed a score trained on that of the seed before.
func (o Options) round(seeds []uint64, trials []Trial) {
	train := func(seed uint64) (*world, *Score) {
		w := o.world(seed)
		return w, Train(w.register, w.index, w.lookups)
	}
	first, score := train(seeds[0])
	for i := 1; i < len(seeds); i++ {
		w, next := train(seeds[i])
		trials[i] = w.trial(score)
		score = next
	}
	trials[0] = first.trial(score)
}
