package matcheval

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// on is a trial on a register of 100,000 people, 40,000 of whom looked themselves up, in which the score finds and
// lets through so many at each margin.
func on(found, wrong [len(marginsTried)]int) Trial {
	t := Trial{People: 100000, Ours: Tally{Right: 30000, Missed: 70000}}
	for i, bits := range marginsTried {
		m := Margin{Bits: bits, Found: found[i], Wrong: wrong[i], People: 40000, Lookups: 100000}
		m.Spoilt = min(1, wrong[i])
		t.Margins = append(t.Margins, m)
	}
	return t
}

func TestConclusion(t *testing.T) {
	type counts = [len(marginsTried)]int
	clean := on(counts{600, 300, 20}, counts{})
	trained := on(counts{600, 300, 20}, counts{2})
	trainedFew := on(counts{600, 30, 2}, counts{2})
	five := on(counts{600, 300, 20}, counts{2, 1})
	throughout := on(counts{600, 300, 20, 1}, counts{4, 3, 2, 1})
	nobodyMore := on(counts{}, counts{})
	for _, c := range []struct {
		name                     string
		people                   int
		trials, choosing, judged Trial
		want                     []string
		never                    string
	}{
		{"clean everywhere", 1000000, clean, clean, clean, []string{"finds 3600 of 240000 people more (1.50 %) and adds 0 false matches", "becomes the rule: it finds more people"}, "left out"},
		{"clean on too few people", 100000, clean, clean, clean, []string{"left out: it takes a register of 1000000"}, "becomes the rule"},
		{"nobody more", 1000000, nobodyMore, nobodyMore, nobodyMore, []string{"left out: it finds nobody more"}, "becomes the rule"},
		{"false matches on the register itself", 1000000, trained, clean, clean, []string{"adds 4 false matches", "on 2 of 6 registers of 600000 people", "a margin of 0 bits", "does not hold either"}, "becomes the rule"},
		{"false matches on a further register", 1000000, clean, clean, trained, []string{"adds 4 false matches", "a margin of 0 bits", "left out: it adds 4 false matches on registers of 600000 people", "does not hold either"}, "becomes the rule"},
		{"a margin that holds", 1000000, clean, trained, trained, []string{"5 bits higher it would have found 1800 more", "is no evidence", "With a margin of 5 bits, the score becomes the rule"}, "left out"},
		{"a margin that holds on too few people", 20000, clean, trained, trained, []string{"left out: it takes a register"}, "becomes the rule"},
		{"a margin that does not hold", 1000000, clean, trained, five, []string{"a margin of 5 bits", "10 bits higher it would have found 120 more", "does not hold either"}, "becomes the rule"},
		{"a margin that leaves little", 1000000, trainedFew, trainedFew, trainedFew, []string{"left out: it adds 12 false matches", "of its gain, 0.075 %, is less than the"}, "becomes the rule"},
		{"no margin", 1000000, clean, throughout, clean, []string{"left out: it adds 8 false matches", "No margin finds people without a false match"}, "becomes the rule"},
	} {
		result := &Result{Options: Options{People: c.people}, Trials: []Trial{c.trials, c.trials}, Further: []Trial{c.choosing, c.choosing, c.judged, c.judged}}
		got := result.Conclusion()
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		if strings.Contains(got, c.never) {
			t.Errorf("%s: %q in\n%s", c.name, c.never, got)
		}
	}
}

func TestMargins(t *testing.T) {
	got := margins(30, behind{people: 4, lookups: 5, bits: []float64{29, 31, 36, 52}, verdicts: []Verdict{Wrong, Right, Misled, Right}},
		behind{lookups: 3, bits: []float64{33}, verdicts: []Verdict{Wrong}})
	want := []Margin{
		{Bits: 0, Found: 2, Wrong: 1, Misled: 1, People: 4, Lookups: 8, Spoilt: 1, Headroom: -6},
		{Bits: 5, Found: 1, Misled: 1, People: 4, Lookups: 8, Spoilt: 1, Headroom: -1},
		{Bits: 10, Found: 1, People: 4, Lookups: 8, Headroom: 4},
		{Bits: 20, Found: 1, People: 4, Lookups: 8, Headroom: 14},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	sum, ours := together([]Trial{{Ours: Tally{Right: 1}, Margins: got}, {Ours: Tally{Right: 2, Wrong: 1}, Margins: got}})
	if sum[0] != (Margin{Found: 4, Wrong: 2, Misled: 2, People: 8, Lookups: 16, Spoilt: 2, Headroom: -6}) || sum[0].FalseMatches() != 4 || ours != (Tally{Right: 3, Wrong: 1}) {
		t.Errorf("%+v, %v", sum[0], ours)
	}
}

// A score that saw no wrong record in training has nothing to set a threshold by, and so finds nobody.
func TestUntrainedThreshold(t *testing.T) {
	g := NewRegister(5000, 7)
	if s := Train(g, NewIndex(g.Records), nil); !math.IsInf(s.behindOrNone(), 1) {
		t.Errorf("%g", s.behindOrNone())
	}
	if s := (&Score{Behind: 30}); s.behindOrNone() != 30 {
		t.Errorf("%g", s.behindOrNone())
	}
}
