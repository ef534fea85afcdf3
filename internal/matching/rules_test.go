package matching_test

import (
	"slices"
	"testing"

	"losttrn/internal/local/matchcases"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

func caseNamed(t *testing.T, name string) matchcases.Case {
	t.Helper()
	cases := matchcases.Cases()
	at := slices.IndexFunc(cases, func(c matchcases.Case) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("no case %q", name)
	}
	return cases[at]
}

// Each line of the two tables turns the case that stands beside it, and not the other: without the line, its case has
// another outcome, and with it the other case keeps the one that it must have.
func TestEachRuleEarnsItsLine(t *testing.T) {
	for _, rule := range matching.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			turned, kept := caseNamed(t, rule.Turns), caseNamed(t, rule.Keeps)
			check(t, turned, turned.Records)
			check(t, kept, kept.Records)
			restore := matching.WithoutRule(rule.Name)
			defer restore()
			if got := outcome(turned); got == turned.Want {
				t.Errorf("without the rule, %q still is %s", turned.Name, got)
			}
		})
	}
}

func outcome(c matchcases.Case) matching.Outcome {
	return matching.Decide(c.Person.Values(), slices.Clone(c.Records)).Outcome
}

// No rule finds anybody by fewer than two kinds that agree, whatever else is near.
func TestRulesNeedTwoKinds(t *testing.T) {
	p := matchcases.Fields{FirstName: "Anna", LastName: "Thomson", DateOfBirth: "1980-02-03", NationalInsuranceNumber: "QQ123456C", Email: "a@example.com"}.Values()
	r := teacher.Record{TRN: someTRNs[1], Name: teacher.Name{First: "Anna", Last: "Thompson"}, DateOfBirth: p.DateOfBirth, NINO: someNINOs[2], Status: teacher.Active}
	if d := matching.Decide(p, []teacher.Record{r}); d.Outcome != matching.NotFound {
		t.Errorf("%+v", d)
	}
}
