package evaluate

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
