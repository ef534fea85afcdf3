package matcheval

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Options say how large a run is. The same options make the same run, times aside.
type Options struct {
	People  int
	Lookups int
	Seed    uint64
	// Progress is told what the run is doing; nil if nobody wants to know.
	Progress func(what string)
}

// Check fails if the options ask for a run that cannot be made: too few people to draw every kind from, or more than
// there are synthetic National Insurance numbers for.
func (o Options) Check() error {
	if o.People < fewestPeople || o.People > 2000000 || o.Lookups < 100 || o.Lookups > 1000000 {
		return errors.New("between 5,000 and 2,000,000 people and between 100 and 1,000,000 lookups")
	}
	return nil
}

// Result is what a run found.
type Result struct {
	Options Options
	Columns []Column
	Took    time.Duration
	Reading time.Duration // of a lookup's candidates, the same for every rule: the median
	// Small and Whole are the capacity of a lookup on a register of ten thousand and on the whole.
	Small, Whole Capacity
	SmallPeople  int
	// Trials are on the run's register and on the one it trains the score on, the score trained on one and judged on
	// the other, both ways; Further are on the further registers.
	Trials, Further []Trial
}

// FalseMatch is a lookup and the wrong record that was found, or missed, for it. The people are synthetic.
type FalseMatch struct {
	Lookup Lookup
	Record teacher.Record
}

// The columns of a result.
const (
	ColumnIncumbent = iota
	ColumnWritten   // ours, but that every National Insurance number that differs speaks against
	ColumnOurs
	ColumnScore  // the score alone
	ColumnBehind // our rule, and the score where that finds nothing
)

// Column is one rule's tallies.
type Column struct {
	Name    string
	Kinds   map[string]*Tally
	All     Tally         // lookups by people of the register
	Strange Tally         // lookups by people who are not in it
	Spent   time.Duration // on deciding a lookup, reading apart: the median
}

// Tally counts verdicts.
type Tally [Missed + 1]int

// Lookups is how many there were.
func (t *Tally) Lookups() int {
	n := 0
	for _, count := range t {
		n += count
	}
	return n
}

// trainingSeed sets the register and lookups on which the score is trained apart from those of the evaluation.
const trainingSeed = 0x9e3779b97f4a7c15

// Run makes two registers and lookups of each, trains the score on the first, and puts the rules side by side on
// the second. What the score adds behind our rule is counted in both directions: trained on the first and judged on
// the second, and the other way about. Then it is counted on further registers.
func Run(o Options) *Result {
	start := time.Now()
	o.tell("making a register to train the score on")
	first := o.world(o.Seed ^ trainingSeed)
	o.tell("making the register")
	second := o.world(o.Seed)
	o.tell("training the score on each")
	var scores [2]*Score
	var wait sync.WaitGroup
	for i, w := range []*world{first, second} {
		wait.Go(func() { scores[i] = Train(w.register, w.index, w.lookups) })
	}
	wait.Wait()
	o.tell("matching")
	result := &Result{Options: o, SmallPeople: min(10000, o.People)}
	result.decide(second, scores[0])
	o.tell("looking for false matches among more people who are not in the register")
	result.Trials = []Trial{second.trial(scores[0]), first.trial(scores[1])}
	o.tell("counting capacity")
	result.Whole = second.index.MeanCapacity(second.lookups)
	small := Options{People: result.SmallPeople, Lookups: min(o.Lookups, 2000)}.world(o.Seed)
	result.Small = small.index.MeanCapacity(small.lookups)
	o.tell("judging the score on further registers")
	result.Further = o.further()
	result.Took = time.Since(start)
	return result
}

// world is a register, the lookups made from it, and its index.
type world struct {
	register *Register
	lookups  []Lookup
	index    *Index
	// strangers are further lookups by people who are not in the register, as many as lookups, in which our rule
	// and the score behind it are looked through for false matches.
	strangers []Lookup
}

func (o Options) world(seed uint64) *world {
	g := NewRegister(o.People, seed)
	lookups := g.Lookups(o.Lookups)
	return &world{g, lookups, NewIndex(g.Records), g.impostors(o.Lookups)}
}

func (o Options) tell(what string) {
	if o.Progress != nil {
		o.Progress(what)
	}
}

// outcome is what the rules made of one lookup.
type outcome struct {
	verdicts [ColumnBehind + 1]Verdict
	spent    [ColumnBehind + 1]time.Duration
	reading  time.Duration
}

func (result *Result) decide(w *world, score *Score) {
	lookups := w.lookups
	outcomes := make([]outcome, len(lookups))
	w.each(lookups, func(i int, records []teacher.Record, reading time.Duration) {
		outcomes[i] = decideOne(w.register, &lookups[i], records, score, reading)
	})
	result.Reading = median(outcomes, func(o *outcome) time.Duration { return o.reading })
	names := [...]string{"incumbent", "ours as written", "ours", "score alone", "ours, then score"}
	for c, name := range names {
		column := Column{Name: name, Kinds: map[string]*Tally{}}
		for i := range lookups {
			verdict := outcomes[i].verdicts[c]
			kind := column.Kinds[lookups[i].Kind]
			if kind == nil {
				kind = new(Tally)
				column.Kinds[lookups[i].Kind] = kind
			}
			kind[verdict]++
			if lookups[i].Owner == nobody {
				column.Strange[verdict]++
			} else {
				column.All[verdict]++
			}
		}
		column.Spent = median(outcomes, func(o *outcome) time.Duration { return o.spent[c] })
		result.Columns = append(result.Columns, column)
	}
}

func median(outcomes []outcome, of func(*outcome) time.Duration) time.Duration {
	all := make([]time.Duration, len(outcomes))
	for i := range outcomes {
		all[i] = of(&outcomes[i])
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// each calls do for each lookup, on all processors, with the records that its keys lead to and how long it took to
// read them.
func (w *world) each(lookups []Lookup, do func(i int, records []teacher.Record, reading time.Duration)) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wait.Go(func() {
			var records []teacher.Record
			var places []int32
			for i := worker; i < len(lookups); i += workers {
				start := time.Now()
				records, places = w.index.candidatesOf(records, places, &lookups[i].Given)
				do(i, records, time.Since(start))
			}
		})
	}
	wait.Wait()
}

func decideOne(g *Register, l *Lookup, records []teacher.Record, score *Score, reading time.Duration) outcome {
	o := outcome{reading: reading}
	measure := func(column int, decide func() matching.Decision) {
		start := time.Now()
		d := decide()
		o.spent[column] = time.Since(start)
		o.verdicts[column] = g.judge(l, &d)
	}
	measure(ColumnIncumbent, func() matching.Decision { return Incumbent(&l.Given, records) })
	measure(ColumnWritten, func() matching.Decision { return asWritten(&l.Given, records) })
	measure(ColumnOurs, func() matching.Decision { return matching.Decide(l.Given, records) })
	measure(ColumnScore, func() matching.Decision { return score.Decide(&l.Given, records, score.Alone) })
	measure(ColumnBehind, func() matching.Decision {
		if d := matching.Decide(l.Given, records); d.Outcome != matching.NotFound {
			return d
		}
		return score.Decide(&l.Given, records, score.Behind)
	})
	return o
}
