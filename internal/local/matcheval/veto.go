package matcheval

import (
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Veto is the effect of a trained score as a veto on what our rule finds, on a register that it was not trained on: by
// a threshold for the score of the record found, and by one for how many bits it leads the next by. Each threshold is
// the highest at which no honest person of the register that it was trained on is lost.
type Veto struct {
	Seed, TrainedOn  uint64
	Right, Wrong     int // what our rule finds: the person's own record, and strict false
	Score, Lead      VetoCount
	OwnScore, Leader VetoCount // the same on the register that was trained on
}

// VetoCount is what one threshold removes.
type VetoCount struct {
	Threshold     float64
	Removed, Lost int // strict false; honest people
}

// find is one find of our rule, with its score.
type find struct {
	right      bool
	bits, lead float64
}

// TryVeto trains a score on each register, the thresholds with it, and judges it on the next, the last on the first.
func TryVeto(options []Options) []Veto {
	var vetoes []Veto
	for i, o := range options {
		next := options[(i+1)%len(options)]
		o.report("training the score for a veto")
		trained := newPopulation(o.People, o.Lookups, o.Seed)
		score := Train(trained)
		own := trained.finds(score)
		trained = nil
		o.report("judging it on the next register")
		judged := newPopulation(next.People, next.Lookups, next.Seed).finds(score)
		v := Veto{Seed: next.Seed, TrainedOn: o.Seed}
		byScore, byLead := func(f find) float64 { return f.bits }, func(f find) float64 { return f.lead }
		v.Score.Threshold, v.Lead.Threshold = lowestRight(own, byScore), lowestRight(own, byLead)
		v.OwnScore.Threshold, v.Leader.Threshold = v.Score.Threshold, v.Lead.Threshold
		for _, f := range judged {
			if f.right {
				v.Right++
			} else {
				v.Wrong++
			}
		}
		v.Score.count(judged, byScore)
		v.Lead.count(judged, byLead)
		v.OwnScore.count(own, byScore)
		v.Leader.count(own, byLead)
		vetoes = append(vetoes, v)
	}
	return vetoes
}

func lowestRight(finds []find, of func(find) float64) float64 {
	lowest := math.Inf(1)
	for _, f := range finds {
		if f.right {
			lowest = min(lowest, of(f))
		}
	}
	return lowest
}

func (c *VetoCount) count(finds []find, of func(find) float64) {
	for _, f := range finds {
		switch {
		case of(f) >= c.Threshold:
		case f.right:
			c.Lost++
		default:
			c.Removed++
		}
	}
}

// finds returns what our rule finds, with the score of each and its lead over the next record. Where there is no next
// record the lead is the score.
func (p *population) finds(s *Score) []find {
	var mu sync.Mutex
	var all []find
	p.each(func(i int, records []teacher.Record, _ time.Duration) {
		l := &p.lookups[i]
		d := matching.Decide(l.Given, records)
		if d.Outcome != matching.Found {
			return
		}
		names := fold(&l.Given)
		f := find{right: p.register.judge(l, &d) == Right, bits: math.Inf(-1)}
		best := 0.0
		for i := range records {
			r := &records[i]
			if r.Status != teacher.Active {
				continue
			}
			c, _ := compare(&l.Given, &names, r)
			c[atProvider] = compareProviders(l.Given.Provider, r.Providers)
			c[atName] = compareNames(&l.Given, &names, r)
			bits := s.bits(&l.Given, &names, r, &c, records)
			if r.TRN == d.TRN {
				f.bits = bits
			} else {
				best = max(best, bits)
			}
		}
		f.lead = f.bits - best
		mu.Lock()
		all = append(all, f)
		mu.Unlock()
	})
	return all
}

// PrintVetoes writes the effect of the score as a veto.
func PrintVetoes(w io.Writer, vetoes []Veto) {
	fmt.Fprintf(w, "A trained Fellegi–Sunter score as a veto on what our rule finds, at the highest threshold at which nobody honest of the\nregister that it was trained on is lost: strict false removed, honest people lost, judged on another register\n\n")
	fmt.Fprintf(w, "%8s %8s %9s %8s | %-42s | %-42s\n", "register", "trained", "found", "strict", "score of the record found, in bits", "its lead over the next, in bits")
	fmt.Fprintf(w, "%8s %8s %9s %8s | %10s %9s %9s %11s | %10s %9s %9s %11s\n", "", "on", "right", "false", "threshold", "removed", "lost", "there rem.", "threshold", "removed", "lost", "there rem.")
	removed, lost, wrong := 0, 0, 0
	for _, v := range vetoes {
		fmt.Fprintf(w, "%8d %8d %9d %8d | %10.1f %9d %9d %11d | %10.1f %9d %9d %11d\n", v.Seed, v.TrainedOn, v.Right, v.Wrong,
			v.Score.Threshold, v.Score.Removed, v.Score.Lost, v.OwnScore.Removed, v.Lead.Threshold, v.Lead.Removed, v.Lead.Lost, v.Leader.Removed)
		removed, lost, wrong = removed+v.Score.Removed+v.Lead.Removed, lost+v.Score.Lost+v.Lead.Lost, wrong+v.Wrong
	}
	verdict := "It is left out."
	if removed > 0 && lost == 0 {
		verdict = "It removes some at no honest person lost."
	}
	fmt.Fprintf(w, "\nTogether: %d of %d strict false removed, %d honest people lost. %s\n\n", removed, 2*wrong, lost, verdict)
}
