package evaluate

import (
	"math"
	"runtime"
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

// Result is what a run found.
type Result struct {
	Options Options
	Columns []Column
	Took    time.Duration
	// Small and Whole are the capacity of a lookup on a register of ten thousand and on the whole.
	Small, Whole Capacity
	SmallPeople  int
	Hindsight    Hindsight
}

// The columns of a result.
const (
	ColumnIncumbent = iota
	ColumnStrict    // ours, but that every National Insurance number that differs speaks against
	ColumnOurs
	ColumnScore  // the score alone
	ColumnBehind // our rule, and the score where that finds nothing
)

// Column is one rule's tallies.
type Column struct {
	Name    string
	Kinds   map[string]*Tally
	All     Tally // lookups by people of the register
	Strange Tally // lookups by people who are not in it
	Spent   time.Duration
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

// Hindsight is what the score behind our rule could have added if its threshold had been set with the answers of
// this very run in hand: how many people more, above the best score of a wrong record.
type Hindsight struct{ Found int }

// trainingSeed sets the register and lookups on which the score is trained apart from those of the evaluation.
const trainingSeed = 0x9e3779b97f4a7c15

// Run makes the training register, trains the score, makes the register and the lookups, and puts the rules side
// by side.
func Run(o Options) *Result {
	start := time.Now()
	score := o.train()
	o.tell("making the register")
	g := NewRegister(o.People, o.Seed)
	lookups := g.Lookups(o.Lookups)
	x := NewIndex(g.Records)
	result := &Result{Options: o, SmallPeople: min(10000, o.People)}
	o.tell("matching")
	result.decide(g, x, lookups, score)
	o.tell("counting capacity")
	result.Whole = x.MeanCapacity(lookups)
	small := NewRegister(result.SmallPeople, o.Seed)
	few := small.Lookups(min(o.Lookups, 2000))
	result.Small = NewIndex(small.Records).MeanCapacity(few)
	result.Took = time.Since(start)
	return result
}

func (o Options) tell(what string) {
	if o.Progress != nil {
		o.Progress(what)
	}
}

func (o Options) train() *Score {
	o.tell("training the score on a register of its own")
	g := NewRegister(o.People, o.Seed^trainingSeed)
	lookups := g.Lookups(o.Lookups)
	return Train(g, NewIndex(g.Records), lookups)
}

// outcome is what the rules made of one lookup.
type outcome struct {
	verdicts [ColumnBehind + 1]Verdict
	spent    [ColumnBehind + 1]time.Duration
	// bits is the score of the record that the score would find where our rule finds nothing, and behind what
	// that would be worth.
	bits   float64
	behind Verdict
}

func (result *Result) decide(g *Register, x *Index, lookups []Lookup, score *Score) {
	outcomes := make([]outcome, len(lookups))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			var records []teacher.Record
			var places []int32
			for i := w; i < len(lookups); i += workers {
				start := time.Now()
				records, places = x.candidatesOf(records, places, &lookups[i].Given)
				outcomes[i] = decideOne(g, &lookups[i], records, score, time.Since(start))
			}
		})
	}
	wait.Wait()
	names := [...]string{"incumbent", "ours, strict", "ours", "score alone", "ours, then score"}
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
			column.Spent += outcomes[i].spent[c]
		}
		result.Columns = append(result.Columns, column)
	}
	result.Hindsight = hindsight(outcomes)
}

func decideOne(g *Register, l *Lookup, records []teacher.Record, score *Score, reading time.Duration) outcome {
	o := outcome{bits: math.Inf(-1), behind: Missed}
	measure := func(column int, decide func() matching.Decision) matching.Decision {
		start := time.Now()
		d := decide()
		o.spent[column] = reading + time.Since(start)
		o.verdicts[column] = g.judge(l, &d)
		return d
	}
	measure(ColumnIncumbent, func() matching.Decision { return Incumbent(&l.Given, records) })
	measure(ColumnStrict, func() matching.Decision { return strict(&l.Given, records) })
	ours := measure(ColumnOurs, func() matching.Decision { return matching.Decide(l.Given, records) })
	measure(ColumnScore, func() matching.Decision { return score.Decide(&l.Given, records, score.Alone) })
	measure(ColumnBehind, func() matching.Decision {
		if d := matching.Decide(l.Given, records); d.Outcome != matching.NotFound {
			return d
		}
		return score.Decide(&l.Given, records, score.Behind)
	})
	if ours.Outcome == matching.NotFound {
		if ranked := score.rank(&l.Given, records); len(ranked) > 0 {
			d := score.Decide(&l.Given, records, math.Inf(-1))
			o.bits, o.behind = ranked[0].bits, g.judge(l, &d)
		}
	}
	return o
}

func hindsight(outcomes []outcome) Hindsight {
	threshold, h := math.Inf(-1), Hindsight{}
	for i := range outcomes {
		if outcomes[i].behind == Wrong {
			threshold = max(threshold, outcomes[i].bits)
		}
	}
	for i := range outcomes {
		if outcomes[i].behind == Right && outcomes[i].bits > threshold {
			h.Found++
		}
	}
	return h
}
