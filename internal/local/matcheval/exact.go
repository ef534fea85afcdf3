package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// AnyThreeExact decides by the rule of the service before this one: any three of the six kinds agree exactly, the name
// being the current first and last name; two records that do go to the helpdesk. In its favour, letter case,
// surrounding spaces and a missing suffix of the NINO do not matter, blanks are not evidence, and only active records
// count.
func AnyThreeExact(p *matching.Person, records []teacher.Record) matching.Decision {
	return only(records, func(r *teacher.Record) bool { return exactKinds(p, r) >= 3 })
}

// dateAndNINO decides by the rule that date of birth and NINO are equal.
func dateAndNINO(p *matching.Person, records []teacher.Record) matching.Decision {
	return only(records, func(r *teacher.Record) bool { return dateAndNINOEqual(p, r) })
}

// nameDateAndNINO decides by the rule that first name, last name, date of birth and NINO are equal.
func nameDateAndNINO(p *matching.Person, records []teacher.Record) matching.Decision {
	return only(records, func(r *teacher.Record) bool {
		return dateAndNINOEqual(p, r) && sameText(p.First, r.Name.First) && sameText(p.Last, r.Name.Last)
	})
}

func dateAndNINOEqual(p *matching.Person, r *teacher.Record) bool {
	return !p.DateOfBirth.IsZero() && p.DateOfBirth == r.DateOfBirth && sameNINO(p.NINO, r.NINO)
}

// sameNINO reports whether two numbers are equal, apart from a missing suffix.
func sameNINO(a, b teacher.NINO) bool {
	return !a.IsZero() && (a == b || a.Normalised() == b.Body())
}

// only decides by a condition: Found if it holds for one active record, NotFound if for none, and Several, with all of
// them as candidates, otherwise.
func only(records []teacher.Record, holds func(*teacher.Record) bool) matching.Decision {
	var found teacher.TRN
	var several []teacher.TRN
	for i := range records {
		r := &records[i]
		if r.Status != teacher.Active || !holds(r) {
			continue
		}
		found = r.TRN
		several = append(several, r.TRN)
	}
	switch len(several) {
	case 0:
		return matching.Decision{Outcome: matching.NotFound}
	case 1:
		return matching.Decision{Outcome: matching.Found, TRN: found}
	}
	return matching.Decision{Outcome: matching.Several, Candidates: several}
}

func exactKinds(p *matching.Person, r *teacher.Record) int {
	agreed := 0
	count := func(agrees bool) {
		if agrees {
			agreed++
		}
	}
	count(!p.DateOfBirth.IsZero() && p.DateOfBirth == r.DateOfBirth)
	count(sameNINO(p.NINO, r.NINO))
	count(!p.Email.IsZero() && p.Email == r.Email)
	count(!p.TRN.IsZero() && p.TRN == r.TRN)
	if agreed == 0 {
		return 0
	}
	count(sameText(p.First, r.Name.First) && sameText(p.Last, r.Name.Last))
	for _, provider := range r.Providers {
		if sameText(p.Provider.Name, provider.Name) || p.Provider.UKPRN != "" && p.Provider.UKPRN == provider.UKPRN {
			agreed++
			break
		}
	}
	return agreed
}

func sameText(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}

func plainProvider(name string) string {
	name = " " + matching.Fold(strings.ReplaceAll(name, "&", " and ")) + " "
	for _, noise := range []string{" the ", " ltd ", " limited "} {
		name = strings.ReplaceAll(name, noise, " ")
	}
	return strings.TrimSpace(name)
}
