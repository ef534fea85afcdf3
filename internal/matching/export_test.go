package matching

import "slices"

// Rule is a line of one of the tables, for tests.
type Rule struct{ Name, Turns, Keeps string }

// Rules returns the lines of both tables.
func Rules() []Rule {
	var rules []Rule
	for _, r := range found {
		rules = append(rules, Rule{r.name, r.finds, r.mustNot})
	}
	for _, r := range never {
		rules = append(rules, Rule{r.name, r.forbids, r.mustFind})
	}
	return rules
}

// WithoutRule deletes a line until restore is called.
func WithoutRule(name string) (restore func()) {
	allFound, allNever := found, never
	found = slices.DeleteFunc(slices.Clone(found), func(r foundRule) bool { return r.name == name })
	never = slices.DeleteFunc(slices.Clone(never), func(r neverRule) bool { return r.name == name })
	return func() { found, never = allFound, allNever }
}
