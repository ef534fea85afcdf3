package evaluate

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
	for _, want := range []string{"incumbent", "score alone", "two of these at once", "namesake by short form", "Read capacity units", "Fellegi–Sunter"} {
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

// result is one with 1,000 lookups of a kind, of which the rules found these.
func resultOf(kind string, incumbent, ours Tally) *Result {
	result := &Result{}
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

func TestConclusion(t *testing.T) {
	for _, c := range []struct {
		name             string
		trained, trusted Margin
		want             []string
	}{
		{"false matches, then too few", Margin{Found: 100, Wrong: 2, People: 2000}, Margin{Found: 3, People: 2000}, []string{"finds 100 of 2000", "adds 2 false", "left out: that is less"}},
		{"too few, and near", Margin{Found: 100, People: 2000, Headroom: 0.5}, Margin{Found: 3, People: 2000}, []string{"only 0.5 bits below", "left out: that is less"}},
		{"false matches throughout", Margin{Found: 100, Wrong: 2, People: 2000}, Margin{Found: 90, Misled: 1, People: 2000}, []string{"left out: it adds false matches"}},
		{"worth it", Margin{Found: 100, Wrong: 1, People: 2000}, Margin{Found: 90, People: 2000}, []string{"earns its place"}},
	} {
		result := resultOf("none", Tally{Right: 500, Missed: 500}, Tally{Right: 800, Missed: 200})
		c.trusted.Bits = clear
		result.Margins = []Margin{c.trained, c.trusted}
		for _, want := range c.want {
			if got := result.Conclusion(); !strings.Contains(got, want) {
				t.Errorf("%s: %s", c.name, got)
			}
		}
	}
}
