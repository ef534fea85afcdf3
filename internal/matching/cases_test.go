package matching_test

import (
	"slices"
	"testing"

	"losttrn/internal/local/matchcases"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

func TestDecideCases(t *testing.T) {
	for _, c := range matchcases.Cases() {
		t.Run(c.Name, func(t *testing.T) { check(t, c, c.Records) })
	}
}

// All the cases' records can stand in one register: nobody there is taken for anybody else.
func TestDecideCasesAgainstEachOther(t *testing.T) {
	var all []teacher.Record
	for _, c := range matchcases.Cases() {
		all = append(all, c.Records...)
	}
	for _, c := range matchcases.Cases() {
		t.Run(c.Name, func(t *testing.T) { check(t, c, all) })
	}
}

func check(t *testing.T, c matchcases.Case, records []teacher.Record) {
	t.Helper()
	got := matching.Decide(c.Person.Values(), records)
	if got.Outcome != c.Want || got.TRN.Digits() != c.TRN || !slices.Equal(got.Evidence, c.Evidence) {
		t.Errorf("got %s %s by %v, want %s %s by %v", got.Outcome, got.TRN.Digits(), got.Evidence, c.Want, c.TRN, c.Evidence)
	}
	if (got.Outcome == matching.Several) != (len(got.Candidates) > 1) {
		t.Errorf("%s with %d candidates", got.Outcome, len(got.Candidates))
	}
}

// Any three of the six kinds make a candidate, no two do.
func TestDecideEveryCombination(t *testing.T) {
	give := []func(p, whole *matching.Person){
		func(p, whole *matching.Person) { p.First, p.Last = whole.First, whole.Last },
		func(p, whole *matching.Person) { p.DateOfBirth = whole.DateOfBirth },
		func(p, whole *matching.Person) { p.NINO = whole.NINO },
		func(p, whole *matching.Person) { p.Email = whole.Email },
		func(p, whole *matching.Person) { p.TRN = whole.TRN },
		func(p, whole *matching.Person) { p.Provider = whole.Provider },
	}
	whole := matchcases.Fields{FirstName: "Megan", LastName: "Pryce", DateOfBirth: "1980-02-03", NationalInsuranceNumber: "QQ123456C",
		Email: "megan@example.com", TRN: "1234567", TrainingProvider: "Example Training"}.Values()
	record := teacher.Record{TRN: whole.TRN, Name: teacher.Name{First: "Megan", Last: "Pryce"}, DateOfBirth: whole.DateOfBirth,
		NINO: whole.NINO, Email: whole.Email, Providers: []teacher.Provider{whole.Provider}, Status: teacher.Active}
	for set := range 1 << len(give) {
		var p matching.Person
		var want []matching.Evidence
		for i := range give {
			if set&(1<<i) != 0 {
				give[i](&p, &whole)
				want = append(want, matching.AllEvidence[i])
			}
		}
		got := matching.Decide(p, []teacher.Record{record})
		if len(want) < 3 {
			if got.Outcome != matching.NotFound {
				t.Errorf("%v: %s", want, got.Outcome)
			}
			continue
		}
		if got.Outcome != matching.Found || !slices.Equal(got.Evidence, want) {
			t.Errorf("%v: %s by %v", want, got.Outcome, got.Evidence)
		}
	}
}
