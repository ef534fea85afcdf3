package matcheval

import (
	"slices"
	"strings"
	"testing"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// A short form that synthetic people type must be listed for every name of theirs that it stands for by the rules of
// matching. Otherwise judge would blame the rule where the evidence itself pointed at the wrong person.
func TestShortFormsAreListedForEveryName(t *testing.T) {
	var firsts []string
	for _, group := range nameGroups() {
		firsts = append(append(firsts, group.firsts[0].names...), group.firsts[1].names...)
	}
	typed := map[string]bool{}
	for _, forms := range shortFormsOf() {
		for _, form := range forms {
			typed[form] = true
		}
	}
	missing := map[string]bool{}
	for form := range typed {
		for _, first := range firsts {
			p := matching.Person{First: form, Last: "Smith"}
			agrees := slices.Contains(matching.Explain(p, teacher.Record{Name: teacher.Name{First: first, Last: "Smith"}}).Agreed, matching.Name)
			if agrees && !strings.EqualFold(form, first) && !slices.Contains(shortFormsOf()[first], form) {
				missing[first+" "+form] = true
			}
		}
	}
	for pair := range missing {
		t.Errorf("not listed: %s", pair)
	}
}

// TestNamesTakenForOneAnother: of every two first names in the register that matching takes for one another, judge
// knows that they are one name, or somebody has looked and said that they are not.
func TestNamesTakenForOneAnother(t *testing.T) {
	different := []string{"Ben Bennett", "Harry Harrison", "Micha Michael"}
	var firsts []string
	for _, group := range nameGroups() {
		firsts = append(firsts, group.firsts[0].names...)
		firsts = append(firsts, group.firsts[1].names...)
	}
	slices.Sort(firsts)
	firsts = slices.Compact(firsts)
	for i, a := range firsts {
		for _, b := range firsts[i+1:] {
			p := matching.Person{First: a, Last: "Smith"}
			agrees := slices.Contains(matching.Explain(p, teacher.Record{Name: teacher.Name{First: b, Last: "Smith"}}).Agreed, matching.Name)
			if agrees && !share([]string{a}, []string{b}) && firstWord(a) != firstWord(b) && !slices.Contains(othersFor(firstWord(b)), firstWord(a)) &&
				!slices.Contains(different, a+" "+b) && !slices.Contains(different, b+" "+a) {
				t.Errorf("%s and %s are taken for one another", a, b)
			}
		}
	}
}
