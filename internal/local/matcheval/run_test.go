package matcheval

import (
	"slices"
	"strings"
	"testing"

	"losttrn/internal/matching"
)

// The assertions of the command, on a register that takes seconds.
func TestRun(t *testing.T) {
	result := Sum([]*Result{Run(Options{People: 20000, Lookups: 12000, Seed: 1})})
	for _, failure := range result.Failures() {
		t.Error(failure)
	}
	all := result.total(ours, func(*Kind) bool { return true })
	if all.Lookups() < 12000 || len(result.Kinds) != len(errorKinds)+len(impostorKinds) {
		t.Errorf("%d lookups of %d kinds", all.Lookups(), len(result.Kinds))
	}
	var text strings.Builder
	result.Print(&text)
	if !strings.HasPrefix(text.String(), "STRICT FALSE") {
		t.Error("strict false is not printed before all else")
	}
	for _, want := range []string{"any three exact", "against: name", noError, "namesake by short form", "assumed", "Read capacity units"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the tables do not speak of %q", want)
		}
	}
}

func TestRunIsRepeatable(t *testing.T) {
	one, two := NewRegister(5000, 7), NewRegister(5000, 7)
	a, b := one.Lookups(500), two.Lookups(500)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("lookup %d: %+v, %+v", i, a[i], b[i])
		}
	}
	if c := NewRegister(5000, 8).Lookups(500); c[0] == a[0] && c[1] == a[1] {
		t.Error("another seed makes the same lookups")
	}
}

func TestCheckOptions(t *testing.T) {
	for _, c := range []struct {
		o  Options
		ok bool
	}{{Options{People: 20000, Lookups: 1000}, true}, {Options{People: 10, Lookups: 1000}, false}, {Options{People: 3000000, Lookups: 1000}, false}, {Options{People: 20000}, false}} {
		if (c.o.Check() == nil) != c.ok {
			t.Errorf("%+v: %v", c.o, c.o.Check())
		}
	}
}

// Every kind of person has its share of real lookups, and counts that it is held to; nothing else has.
func TestEveryKindHasAShareAndIsHeld(t *testing.T) {
	for _, k := range kinds() {
		if shares()[k.Name].Lookups <= 0 {
			t.Errorf("no share of %q", k.Name)
		}
		if committedCounts()[k.Name].lookups == 0 {
			t.Errorf("no committed counts of %q", k.Name)
		}
	}
	if len(shares()) != len(kinds()) || len(committedCounts()) != len(kinds()) {
		t.Errorf("%d kinds, %d shares, %d committed", len(kinds()), len(shares()), len(committedCounts()))
	}
}

// A wrong TRN is strictly false whatever the evidence said, and it fails the run.
func TestStrictFalseIsHeldByKind(t *testing.T) {
	result := &Result{Kinds: kinds()}
	for i := range result.Kinds {
		k, held := &result.Kinds[i], committedCounts()[result.Kinds[i].Name]
		k.Tally[ours] = Tally{Right: int(held.found), StrictFalse: int(held.strictFalse), Missed: int(held.lookups - held.found - held.strictFalse)}
	}
	if failures := result.Failures(); len(failures) > 0 {
		t.Fatalf("what is committed fails: %v", failures)
	}
	twin := result.kind("twin")
	before := twin.Tally[ours]
	more := int(atMost(committedCounts()["twin"].strictFalse)) + 1 - before[StrictFalse]
	twin.Tally[ours].add(Tally{StrictFalse: more, Missed: -more})
	if failures := result.Failures(); len(failures) != 1 || !strings.HasPrefix(failures[0], "twin: ") {
		t.Errorf("%d more strict false: %v", more, failures)
	}
	twin.Tally[ours] = before
	result.kind(noError).Tally[anyThree][Right] = 1e9
	if failures := result.Failures(); len(failures) != 1 || !strings.HasPrefix(failures[0], "none: found") {
		t.Errorf("found less than any three exact: %v", failures)
	}
}

func TestJudge(t *testing.T) {
	g := NewRegister(5000, 3)
	own, other := g.Records[0].TRN, g.Records[len(g.Records)-1].TRN
	for _, c := range []struct {
		owner int32
		d     matching.Decision
		want  Verdict
	}{
		{g.Owner[0], matching.Decision{Outcome: matching.Found, TRN: own}, Right},
		{g.Owner[0], matching.Decision{Outcome: matching.Found, TRN: other}, StrictFalse},
		{noOwner, matching.Decision{Outcome: matching.Found, TRN: own}, StrictFalse},
		{noOwner, matching.Decision{Outcome: matching.NotFound}, Missed},
		{g.Owner[0], matching.Decision{Outcome: matching.Several}, Helpdesk},
	} {
		if got := g.judge(&Lookup{Owner: c.owner}, &c.d); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// At its share a kind weighs as much as the file says, and twice as much if it is twice as common.
func TestShares(t *testing.T) {
	result := &Result{Kinds: kinds()}
	for i := range result.Kinds {
		result.Kinds[i].Tally[ours] = Tally{Missed: 10}
		if result.Kinds[i].Name == noError {
			result.Kinds[i].Tally[ours] = Tally{Right: 5, Missed: 5}
		}
	}
	honest := 0.0
	for _, k := range kinds() {
		if k.Honest {
			honest += shares()[k.Name].Lookups
		}
	}
	none := shares()[noError].Lookups
	for factor, want := range map[float64]float64{1: 0.5 * none / honest, 2: none / (honest + none), 0.5: 0.25 * none / (honest - none/2)} {
		if found, wrong := result.atShares(ours, noError, factor); found < want-1e-9 || found > want+1e-9 || wrong != 0 {
			t.Errorf("times %g: %g, want %g", factor, found, want)
		}
	}
	if !slices.ContainsFunc(kinds(), func(k Kind) bool { return shares()[k.Name].Source != "assumed" }) {
		t.Error("nothing has a source")
	}
}
