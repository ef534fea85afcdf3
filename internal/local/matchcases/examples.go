package matchcases

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Examples returns the cases by which the rules are explained.
func Examples() []Case {
	list := cases(201, exampleNames)
	for i, e := range otherExamples {
		v := valuesOf(301 + i)
		r := v.record(recorded("Megan", "Pryce"))
		c := Case{
			Name:   e.name,
			Person: Fields{Email: v.email, FirstName: "Megan", LastName: "Pryce", DateOfBirth: v.date},
			Want:   matching.NotFound,
		}
		others := e.change(v, &c.Person, &r)
		c.Records = append([]teacher.Record{r}, others...)
		switch {
		case e.agreed != nil:
			c.Want, c.TRN, c.Evidence = matching.Found, v.trn, e.agreed
		case e.several:
			c.Want = matching.Several
		}
		list = append(list, c)
	}
	return list
}

// example starts from a person and a record whose names and dates of birth agree, and changes them.
type example struct {
	name    string
	change  func(v values, p *Fields, r *teacher.Record) (others []teacher.Record)
	agreed  []matching.Evidence // if found
	several bool
}

var (
	nameDate         = []matching.Evidence{matching.Name, matching.DateOfBirth}
	nameDateNINO     = []matching.Evidence{matching.Name, matching.DateOfBirth, matching.NINO}
	nameDateEmail    = []matching.Evidence{matching.Name, matching.DateOfBirth, matching.Email}
	nameDateTRN      = []matching.Evidence{matching.Name, matching.DateOfBirth, matching.TRN}
	nameDateProvider = []matching.Evidence{matching.Name, matching.DateOfBirth, matching.Provider}
)

// only wraps a change that needs neither the values nor other records.
func only(change func(p *Fields, r *teacher.Record)) func(values, *Fields, *teacher.Record) []teacher.Record {
	return func(_ values, p *Fields, r *teacher.Record) []teacher.Record {
		change(p, r)
		return nil
	}
}

// with wraps a change that needs no other records.
func with(change func(v values, p *Fields, r *teacher.Record)) func(values, *Fields, *teacher.Record) []teacher.Record {
	return func(v values, p *Fields, r *teacher.Record) []teacher.Record {
		change(v, p, r)
		return nil
	}
}

func provider(given string, recorded ...teacher.Provider) func(values, *Fields, *teacher.Record) []teacher.Record {
	return only(func(p *Fields, r *teacher.Record) {
		p.TrainingProvider, r.Providers, r.NINO = given, recorded, teacher.NINO{}
	})
}

func status(s teacher.Status) func(values, *Fields, *teacher.Record) []teacher.Record {
	return with(func(v values, p *Fields, r *teacher.Record) { p.NationalInsuranceNumber, r.Status = v.nino, s })
}

var otherExamples = []example{
	{"two kinds are not enough", only(func(*Fields, *teacher.Record) {}), nil, false},
	{"name, date of birth and email", with(func(v values, _ *Fields, r *teacher.Record) {
		r.Email = read(teacher.ParseEmail, v.email).Key()
	}), nameDateEmail, false},
	{"one digit of the NINO wrong", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber = v.nino[:7] + "0" + v.nino[8:]
	}), nameDate, false},
	{"the suffix of the NINO left out", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber = v.nino[:8]
	}), nameDateNINO, false},
	{"another suffix of the NINO", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber = v.nino[:8] + "D"
	}), nameDateNINO, false},
	{"two digits of the NINO wrong", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber = v.nino[:2] + "99" + v.nino[4:]
	}), nil, false},
	{"married without telling", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber, p.LastName = v.nino, "Hughes"
	}), []matching.Evidence{matching.DateOfBirth, matching.NINO}, false},
	{"another first name", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber, p.FirstName = v.nino, "Carys"
	}), nil, false},
	{"day and month swapped", with(func(v values, p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber = v.nino
		r.DateOfBirth, p.DateOfBirth = read(teacher.ParseDate, "1948-03-05"), "1948-05-03"
	}), []matching.Evidence{matching.Name, matching.NINO}, false},
	{"date of birth a year and a day off", with(func(v values, p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber = v.nino
		r.DateOfBirth, p.DateOfBirth = read(teacher.ParseDate, "1948-03-06"), "1947-03-07"
	}), nil, false},
	{"one letter of the last name wrong", with(func(v values, p *Fields, r *teacher.Record) {
		p.LastName, r.Email = "Price", read(teacher.ParseEmail, v.email).Key()
	}), []matching.Evidence{matching.DateOfBirth, matching.Email}, false},
	{"two letters of the last name wrong", with(func(v values, p *Fields, r *teacher.Record) {
		p.LastName, r.Email = "Parice", read(teacher.ParseEmail, v.email).Key()
	}), nil, false},
	{"a twin with another NINO at one mailbox", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, p.NationalInsuranceNumber, p.TrainingProvider = "Regan", "QQ999005C", "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"a twin with the next NINO at one mailbox", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, p.NationalInsuranceNumber, p.TrainingProvider = "Regan", v.nino[:7]+"0"+v.nino[8:], "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"a twin without a NINO at one mailbox", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, p.TrainingProvider = "Carys", "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"a middle name used alone does not outweigh date of birth, email and provider", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, r.Name.Middle, p.TrainingProvider = "Carys", "Carys", "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), []matching.Evidence{matching.DateOfBirth, matching.Email, matching.Provider}, false},
	{"a slip in the first name does not outweigh date of birth, email and provider", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, p.TrainingProvider = "Megna", "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), []matching.Evidence{matching.DateOfBirth, matching.Email, matching.Provider}, false},
	{"a son of one name with another birthday", with(func(v values, p *Fields, r *teacher.Record) {
		r.DateOfBirth, p.DateOfBirth, p.TrainingProvider = read(teacher.ParseDate, "1946-03-06"), "1976-09-21", "Example Training"
		r.Email, r.Providers = read(teacher.ParseEmail, v.email).Key(), []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"another date of birth does not outweigh name, NINO and email", with(func(v values, p *Fields, r *teacher.Record) {
		r.DateOfBirth, p.DateOfBirth, p.NationalInsuranceNumber = read(teacher.ParseDate, "1945-03-06"), "1975-09-21", v.nino
		r.Email = read(teacher.ParseEmail, v.email).Key()
	}), []matching.Evidence{matching.Name, matching.NINO, matching.Email}, false},
	{"a TRN that administrators make up", with(func(v values, p *Fields, r *teacher.Record) {
		p.TRN, r.FormerTRNs = "9999999", []teacher.TRN{read(teacher.ParseTRN, "9999999")}
	}), nil, false},
	{"a NINO of the pension form", with(func(v values, p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber, r.NINO = "QQ010190M", read(teacher.ParseNINO, "QQ010190M")
	}), nil, false},
	{"National Insurance number with spaces and small letters", with(func(v values, p *Fields, _ *teacher.Record) {
		n := v.nino
		p.NationalInsuranceNumber = "qq " + n[2:4] + "-" + n[4:6] + " " + n[6:8] + "." + " c"
	}), nameDateNINO, false},
	{"date of birth of another day", with(func(v values, p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber = v.nino
		r.DateOfBirth = read(teacher.ParseDate, "1949-01-01")
	}), nil, false},
	{"TRN with leading zeros", only(func(p *Fields, r *teacher.Record) {
		p.TRN, r.FormerTRNs = "00 04 242", []teacher.TRN{read(teacher.ParseTRN, "0004242")}
	}), nameDateTRN, false},
	{"TRN in its old form", only(func(p *Fields, r *teacher.Record) {
		p.TRN, r.FormerTRNs = "RP99/12345", []teacher.TRN{read(teacher.ParseTRN, "9912345")}
	}), nameDateTRN, false},
	{"the record's own TRN", with(func(v values, p *Fields, _ *teacher.Record) { p.TRN = v.trn }), nameDateTRN, false},
	{"email in capitals with a tag", with(func(v values, p *Fields, r *teacher.Record) {
		r.Email = read(teacher.ParseEmail, v.email).Key()
		p.Email = "CASE" + v.email[4:len(v.email)-len("@example.com")] + "+trn@Example.COM"
	}), nameDateEmail, false},
	{"provider by UKPRN", provider("10007001", teacher.Provider{UKPRN: "10007001", Name: "University of Example"}), nameDateProvider, false},
	{"provider by another UKPRN", provider("10007002", teacher.Provider{UKPRN: "10007003"}), nil, false},
	{"provider by name", provider("university of éxample", teacher.Provider{UKPRN: "10007001", Name: "University of Example"}), nameDateProvider, false},
	{"provider without legal noise", provider("Example Training", teacher.Provider{Name: "The Example Training Ltd."}), nameDateProvider, false},
	{"provider with an ampersand", provider("Hill & Dale Alliance", teacher.Provider{Name: "Hill and Dale Alliance Limited"}), nameDateProvider, false},
	{"one of several providers", provider("Second Example", teacher.Provider{Name: "First Example"}, teacher.Provider{Name: "Second Example"}), nameDateProvider, false},
	{"another NINO outweighs name, date of birth and provider", only(func(p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber, p.TrainingProvider, r.Providers = "QQ999001C", "Example Training", []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"another NINO does not outweigh name, date of birth and email", with(func(v values, p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber, r.Email = "QQ999002C", read(teacher.ParseEmail, v.email).Key()
	}), nameDateEmail, false},
	{"another NINO does not outweigh name, date of birth and TRN", with(func(v values, p *Fields, _ *teacher.Record) {
		p.NationalInsuranceNumber, p.TRN = "QQ999003C", v.trn
	}), nameDateTRN, false},
	{"another NINO and first name outweigh date of birth, provider and TRN", with(func(v values, p *Fields, r *teacher.Record) {
		p.FirstName, p.NationalInsuranceNumber, p.TRN = "Carys", "QQ999006C", v.trn
		p.TrainingProvider, r.Providers = "Example Training", []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"another NINO and date of birth outweigh name, provider and TRN", with(func(v values, p *Fields, r *teacher.Record) {
		r.DateOfBirth, p.DateOfBirth = read(teacher.ParseDate, "1944-03-06"), "1974-09-21"
		p.NationalInsuranceNumber, p.TRN = "QQ999007C", v.trn
		p.TrainingProvider, r.Providers = "Example Training", []teacher.Provider{{Name: "Example Training"}}
	}), nil, false},
	{"deactivated", status(teacher.Deactivated), nil, false},
	{"merged away", status(teacher.Merged), nil, false},
	{"deceased", status(teacher.Deceased), nil, false},
	{"two that agree on different things", func(v values, p *Fields, r *teacher.Record) []teacher.Record {
		other := *r
		other.TRN, other.NINO, other.Email = read(teacher.ParseTRN, "2999010"), teacher.NINO{}, read(teacher.ParseEmail, v.email).Key()
		p.NationalInsuranceNumber = v.nino
		return []teacher.Record{other}
	}, nil, true},
	{"twins at one email", func(v values, p *Fields, r *teacher.Record) []teacher.Record {
		r.Email = read(teacher.ParseEmail, v.email).Key()
		twin := *r
		twin.TRN, twin.NINO, twin.Name.First = read(teacher.ParseTRN, "2999011"), read(teacher.ParseNINO, "QQ999004C"), "Carys"
		return []teacher.Record{twin}
	}, nameDateEmail, false},
	{"a temporary National Insurance number says no more than the date of birth", only(func(p *Fields, r *teacher.Record) {
		p.NationalInsuranceNumber, r.NINO = "TN010190F", read(teacher.ParseNINO, "TN010190F")
	}), nil, false},
}
