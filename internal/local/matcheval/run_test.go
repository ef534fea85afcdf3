package matcheval

import (
	"strings"
	"testing"
)

// The assertions of the command, on a register that takes seconds.
func TestRun(t *testing.T) {
	result := Run(Options{People: 20000, Lookups: 6000, Seed: 1})
	for _, failure := range result.Failures() {
		t.Error(failure)
	}
	for _, column := range result.Columns {
		both := column.Both()
		if both.Lookups() != 6000 || column.Strange.Lookups() != 1200 {
			t.Errorf("%s: %d lookups, %d by strangers", column.Name, both.Lookups(), column.Strange.Lookups())
		}
	}
	var text strings.Builder
	result.Print(&text)
	if len(result.Trials) != 2 || len(result.Further) != 4 {
		t.Errorf("%d trials, %d further", len(result.Trials), len(result.Further))
	}
	var people int
	for _, trial := range result.Further {
		// A fifth of the lookups are by people who are not in the register, and then as many again as there are lookups.
		o := result.Options
		if m := trial.Margins[0]; m.Lookups != 2*o.furtherLookups() || m.People != o.furtherLookups()*4/5 || trial.Ours.Lookups() != m.Lookups {
			t.Errorf("a further register: %d people gave %d lookups, of which our rule decided %d", m.People, m.Lookups, trial.Ours.Lookups())
		}
		if trial.Ours[Right] == 0 {
			t.Error("a further register on which our rule finds nobody")
		}
		people += trial.People
	}
	if people < 20000 {
		t.Errorf("only %d further people", people)
	}
	for _, want := range []string{"incumbent", "score alone", "two of these at once", "namesake by short form", "Read capacity units", "Fellegi–Sunter", "judging half", "With the threshold it was trained to"} {
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

func TestFurtherRegisters(t *testing.T) {
	for _, c := range []struct{ people, lookups, registers, each, lookupsEach int }{
		{1000000, 50000, 10, 100000, 50000}, {50000, 1000, 10, 5000, 1000}, {49999, 6000, 8, 6249, 3124}, {20000, 6000, 4, 5000, 2500}, {5000, 6000, 4, 5000, 2500},
	} {
		o := Options{People: c.people, Lookups: c.lookups}
		if o.furtherRegisters() != c.registers || o.furtherPeople() != c.each || o.furtherLookups() != c.lookupsEach {
			t.Errorf("%d people, %d lookups: %d registers of %d with %d lookups", c.people, c.lookups, o.furtherRegisters(), o.furtherPeople(), o.furtherLookups())
		}
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

// result is one with 1,000 lookups of a kind, of which the rules found these.
func resultOf(kind string, incumbent, ours Tally) *Result {
	result := &Result{Trials: make([]Trial, 2)}
	for _, tally := range []Tally{incumbent, ours, ours, ours, ours} {
		result.Columns = append(result.Columns, Column{Kinds: map[string]*Tally{kind: &tally}, All: tally})
	}
	return result
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name            string
		kind            string
		incumbent, ours Tally
		failures        int
	}{
		{"well above", "accents left out", Tally{Right: 500, Missed: 500}, Tally{Right: 800, Missed: 200}, 0},
		{"not well above", "accents left out", Tally{Right: 500, Missed: 500}, Tally{Right: 520, Missed: 480}, 1},
		{"level where nobody forgives", "NINO mistyped", Tally{Right: 500, Missed: 500}, Tally{Right: 500, Missed: 500}, 0},
		{"below", "NINO mistyped", Tally{Right: 500, Missed: 500}, Tally{Right: 499, Missed: 501}, 1},
		{"a false match", "NINO mistyped", Tally{Right: 500, Missed: 500}, Tally{Right: 500, Wrong: 1, Missed: 499}, 1},
		{"misled more often", "NINO mistyped", Tally{Right: 500, Missed: 500}, Tally{Right: 500, Misled: 1, Missed: 499}, 1},
	} {
		if got := resultOf(c.kind, c.incumbent, c.ours).Failures(); len(got) != c.failures {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// A false match of ours on a register that nothing else is measured on fails the run as well.
func TestFailuresOnEveryRegister(t *testing.T) {
	for at := range 4 {
		result := resultOf("accents left out", Tally{Right: 500, Missed: 500}, Tally{Right: 800, Missed: 200})
		result.Further = make([]Trial, 2)
		if at < 2 {
			result.Trials[at].Ours[Wrong] = 1
		} else {
			result.Further[at-2].Ours[Wrong] = 1
		}
		if got := result.Failures(); len(got) != 1 {
			t.Errorf("register %d: %v", at+1, got)
		}
	}
}
