package matcheval

import (
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Incumbent is the rule of the service before this one: any three of the six kinds agree exactly, the name being
// the current first and last name; two records that do go to the helpdesk. It is given the benefit of every doubt:
// letter case and surrounding spaces do not matter, blanks are not evidence, and only active records count.
func Incumbent(p *matching.Person, records []teacher.Record) matching.Decision {
	var found teacher.TRN
	var several []teacher.TRN
	for i := range records {
		r := &records[i]
		if r.Status != teacher.Active || incumbentAgrees(p, r) < 3 {
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

func incumbentAgrees(p *matching.Person, r *teacher.Record) int {
	agreed := 0
	count := func(agrees bool) {
		if agrees {
			agreed++
		}
	}
	count(!p.DateOfBirth.IsZero() && p.DateOfBirth == r.DateOfBirth)
	count(!p.NINO.IsZero() && p.NINO == r.NINO)
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
