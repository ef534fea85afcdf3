package matchcases

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Complaints returns the cases that people have complained about: each was answered wrongly by a service that
// compared texts exactly and blanks as if they were values.
func Complaints() []Case {
	list := cases(1, complainedNames)
	return append(list,
		twoTRNsMerged(101), twoTRNsBothActive(102), twoTRNsOneAbove(103),
		blankAsEvidence(104), blankSpaces(105), sameRecordTwice(106))
}

// Two TRNs, merged: the one offered is a former one of the record that is left, and the other is no candidate.
func twoTRNsMerged(number int) Case {
	v := valuesOf(number)
	kept := v.record(recorded("Priya", "Shah"))
	kept.FormerTRNs = []teacher.TRN{read(teacher.ParseTRN, "2999001")}
	gone := v.record(recorded("Priya", "Shah"))
	gone.TRN, gone.Status, gone.MergedInto = kept.FormerTRNs[0], teacher.Merged, kept.TRN
	return Case{
		Name:    "two TRNs, one merged into the other",
		Person:  Fields{Email: v.email, FirstName: "Priya", LastName: "Shah", DateOfBirth: v.date, TRN: "2999001"},
		Records: []teacher.Record{gone, kept},
		Want:    matching.Found, TRN: v.trn,
		Evidence: []matching.Evidence{matching.Name, matching.DateOfBirth, matching.TRN},
	}
}

func twoTRNsBothActive(number int) Case {
	v := valuesOf(number)
	one := v.record(recorded("Priya", "Shah"))
	two := one
	two.TRN = read(teacher.ParseTRN, "2999002")
	return Case{
		Name:    "two TRNs, both active",
		Person:  Fields{Email: v.email, FirstName: "Priya", LastName: "Shah", DateOfBirth: v.date, NationalInsuranceNumber: v.nino},
		Records: []teacher.Record{one, two},
		Want:    matching.Several,
	}
}

func twoTRNsOneAbove(number int) Case {
	v := valuesOf(number)
	one := v.record(recorded("Priya", "Shah"))
	two := one
	two.TRN = read(teacher.ParseTRN, "2999003")
	two.Email = read(teacher.ParseEmail, v.email).Key()
	return Case{
		Name:    "two TRNs, one agrees on everything the other does and more",
		Person:  Fields{Email: v.email, FirstName: "Priya", LastName: "Shah", DateOfBirth: v.date, NationalInsuranceNumber: v.nino},
		Records: []teacher.Record{one, two},
		Want:    matching.Found, TRN: "2999003",
		Evidence: []matching.Evidence{matching.Name, matching.DateOfBirth, matching.NINO, matching.Email},
	}
}

func blankAsEvidence(number int) Case {
	v := valuesOf(number)
	r := v.record(recorded("Grace", "Mensah"))
	r.NINO, r.Email = teacher.NINO{}, teacher.EmailKey{}
	return Case{
		Name:    "blanks on both sides are not evidence",
		Person:  Fields{Email: v.email, FirstName: "Grace", LastName: "Mensah", DateOfBirth: v.date},
		Records: []teacher.Record{r},
		Want:    matching.NotFound,
	}
}

func blankSpaces(number int) Case {
	v := valuesOf(number)
	r := v.record(recorded("Grace", "Mensah"))
	r.NINO, r.Email = teacher.NINO{}, teacher.EmailKey{}
	r.Providers = []teacher.Provider{{Name: " "}, {Name: "-"}, {Name: "Ltd"}}
	return Case{
		Name:    "a provider of spaces and noise is not evidence",
		Person:  Fields{Email: v.email, FirstName: "Grace", LastName: "Mensah", DateOfBirth: v.date, TrainingProvider: " Ltd "},
		Records: []teacher.Record{r},
		Want:    matching.NotFound,
	}
}

func sameRecordTwice(number int) Case {
	v := valuesOf(number)
	r := v.record(recorded("Grace", "Mensah"))
	return Case{
		Name:    "the same record reached twice",
		Person:  Fields{Email: v.email, FirstName: "Grace", LastName: "Mensah", DateOfBirth: v.date, NationalInsuranceNumber: v.nino},
		Records: []teacher.Record{r, r},
		Want:    matching.Found, TRN: v.trn,
		Evidence: []matching.Evidence{matching.Name, matching.DateOfBirth, matching.NINO},
	}
}
