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
	Lookups int // at least, as many of each kind
	Seed    uint64
	// Progress is called with what the run is doing. It may be nil.
	Progress func(what string)
}

// Check returns an error if the options ask for a run that cannot be made: too few people to draw every kind from.
func (o Options) Check() error {
	if o.People < 5000 || o.People > 2000000 || o.Lookups < 100 || o.Lookups > 1000000 {
		return errors.New("between 5,000 and 2,000,000 people and between 100 and 1,000,000 lookups")
	}
	return nil
}

func (o Options) report(what string) {
	if o.Progress != nil {
		o.Progress(what)
	}
}

// The rules that are compared.
const (
	anyThree = iota // any three kinds agree exactly, the rule of the service before this one
	ours
	columns
)

// Result is the result of a run.
type Result struct {
	Options Options
	Seeds   []uint64 // of the runs that are added up, if several are
	Kinds   []Kind
	Took    time.Duration
	Reading time.Duration          // of a lookup's candidates: the median
	Spent   [columns]time.Duration // on deciding a lookup, reading apart: the median
	// Small and Whole are the capacity of a lookup on a register of ten thousand and on the whole.
	Small, Whole Capacity
	SmallPeople  int
}

// Kind is the result for the lookups of one kind of person.
type Kind struct {
	Name   string
	Honest bool // in the register; the others are not
	Before bool // measured before contradictions and slips counted
	Tally  [columns]Tally
	How    map[string]int // strict false of ours, by what agreed, was near and contradicted
	// Forbidden is how many people any three exact finds and ours does not, by the line of the second table that forbids
	// their own record.
	Forbidden map[string]int
}

// kinds returns all kinds in order, without results.
func kinds() []Kind {
	var list []Kind
	for _, k := range errorKinds {
		list = append(list, Kind{Name: k.name, Honest: true, Before: k.before, How: map[string]int{}, Forbidden: map[string]int{}})
	}
	for _, k := range impostorKinds {
		list = append(list, Kind{Name: k.name, Before: k.before, How: map[string]int{}})
	}
	return list
}

// Run generates a register and lookups, and compares the rules on them.
func Run(o Options) *Result {
	start := time.Now()
	o.report("making the register")
	p := newPopulation(o.People, o.Lookups, o.Seed)
	o.report("matching")
	result := &Result{Options: o, Kinds: kinds(), SmallPeople: min(10000, o.People)}
	result.decide(p)
	o.report("counting capacity")
	result.Whole = p.index.MeanCapacity(p.lookups)
	small := newPopulation(result.SmallPeople, min(o.Lookups, 2000), o.Seed)
	result.Small = small.index.MeanCapacity(small.lookups)
	result.Took = time.Since(start)
	return result
}

// population is a register, its index, and lookups made from it.
type population struct {
	register *Register
	index    *Index
	lookups  []Lookup
}

func newPopulation(people, lookups int, seed uint64) *population {
	g := NewRegister(people, seed)
	p := &population{register: g, lookups: g.Lookups(lookups)}
	p.index = NewIndex(g.Records)
	return p
}

// outcome is the result for one lookup.
type outcome struct {
	verdicts [columns]Verdict
	spent    [columns]time.Duration
	reading  time.Duration
	how      string
	never    string // the line that forbids what any three exact rightly finds
}

func (result *Result) decide(p *population) {
	outcomes := make([]outcome, len(p.lookups))
	p.each(func(i int, records []teacher.Record, reading time.Duration) {
		l, o := &p.lookups[i], &outcomes[i]
		o.reading = reading
		for column, decide := range [columns]func() matching.Decision{
			anyThree: func() matching.Decision { return AnyThreeExact(&l.Given, records) },
			ours:     func() matching.Decision { return matching.Decide(l.Given, records) },
		} {
			start := time.Now()
			d := decide()
			o.spent[column] = time.Since(start)
			o.verdicts[column] = p.register.judge(l, &d)
			if column == ours && o.verdicts[column] == StrictFalse {
				o.how = how(&l.Given, &p.register.Records[p.register.place(d.TRN)])
			}
			if column == anyThree && o.verdicts[column] == Right {
				if e := matching.Explain(l.Given, p.register.Records[p.register.place(d.TRN)]); len(e.Never) > 0 {
					o.never = e.Never[0]
				}
			}
		}
	})
	for i := range outcomes {
		k := result.kind(p.lookups[i].Kind)
		for column, verdict := range outcomes[i].verdicts {
			k.Tally[column][verdict]++
		}
		if outcomes[i].how != "" {
			k.How[outcomes[i].how]++
		}
		if outcomes[i].never != "" && outcomes[i].verdicts[ours] != Right {
			k.Forbidden[outcomes[i].never]++
		}
	}
	result.Reading = median(outcomes, func(o *outcome) time.Duration { return o.reading })
	for column := range columns {
		result.Spent[column] = median(outcomes, func(o *outcome) time.Duration { return o.spent[column] })
	}
}

// Sum adds the counts of several runs, one at least; times and capacity are those of the first.
func Sum(results []*Result) *Result {
	sum := *results[0]
	sum.Kinds = kinds()
	sum.Took = 0
	for _, r := range results {
		sum.Took += r.Took
		sum.Seeds = append(sum.Seeds, r.Options.Seed)
		for i := range r.Kinds {
			for column := range columns {
				sum.Kinds[i].Tally[column].add(r.Kinds[i].Tally[column])
			}
			for how, n := range r.Kinds[i].How {
				sum.Kinds[i].How[how] += n
			}
			for line, n := range r.Kinds[i].Forbidden {
				sum.Kinds[i].Forbidden[line] += n
			}
		}
	}
	return &sum
}

func (result *Result) kind(name string) *Kind {
	at := slices.IndexFunc(result.Kinds, func(k Kind) bool { return k.Name == name })
	return &result.Kinds[at]
}

// total sums the tallies of the kinds that are wanted.
func (result *Result) total(column int, wanted func(*Kind) bool) Tally {
	var sum Tally
	for i := range result.Kinds {
		if wanted(&result.Kinds[i]) {
			sum.add(result.Kinds[i].Tally[column])
		}
	}
	return sum
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
func (p *population) each(do func(i int, records []teacher.Record, reading time.Duration)) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wait.Go(func() {
			var records []teacher.Record
			var places []int32
			for i := worker; i < len(p.lookups); i += workers {
				start := time.Now()
				records, places = p.index.candidatesOf(records, places, &p.lookups[i].Given)
				do(i, records, time.Since(start))
			}
		})
	}
	wait.Wait()
}
