package matching

import (
	"math/bits"
	"slices"

	"losttrn/internal/teacher"
)

// Evidence is a kind of evidence. Its text is what the tables store and the helpdesk's report shows.
type Evidence string

// The kinds of evidence.
const (
	Name        Evidence = "name"
	DateOfBirth Evidence = "date_of_birth"
	NINO        Evidence = "national_insurance_number"
	Email       Evidence = "email"
	TRN         Evidence = "trn"
	Provider    Evidence = "training_provider"
)

// The bits of the kinds, in the order of the table of kinds.
const (
	nameBit kinds = 1 << iota
	dateOfBirthBit
	ninoBit
	emailBit
	trnBit
	providerBit
)

// Person is what the person who asks has told about themselves. Whatever was not given is zero or blank.
//
// A previous first name and a previous last name may be given separately: every first name given goes with
// every last name given.
type Person struct {
	First, Middle, Last         string
	PreviousFirst, PreviousLast string
	DateOfBirth                 teacher.Date
	NINO                        teacher.NINO
	Email                       teacher.EmailKey
	TRN                         teacher.TRN
	Provider                    teacher.Provider
}

// kind describes one kind of evidence. Comparison, keys, the entries of guesses, and the choice of records to read all
// use the table of kinds. A test fails for a kind with a missing part.
type kind struct {
	evidence Evidence
	// personal means that it identifies a person by itself.
	personal bool
	// leads means that every record that agrees on it is read, so that no other evidence need lead to one.
	leads bool
	// compare compares it with a record. It is nil for names and providers, which cost most and are compared by
	// matcher.compare.
	compare func(*matcher, *teacher.Record) likeness
	// given and recorded return the keys of a person's value and of a record's; those of names are in Keys.
	given    func(*Person) []string
	recorded func(*teacher.Record) []string
	// clear removes it from a person.
	clear func(*Person)
}

// table is the table of kinds, in the order in which decisions list them.
var table = [...]kind{
	{evidence: Name,
		clear: func(p *Person) { p.First, p.Middle, p.Last, p.PreviousFirst, p.PreviousLast = "", "", "", "", "" }},
	{evidence: DateOfBirth,
		compare:  func(m *matcher, r *teacher.Record) likeness { return compareDates(m.person.DateOfBirth, r.DateOfBirth) },
		given:    func(p *Person) []string { return dateKeys(p.DateOfBirth) },
		recorded: func(r *teacher.Record) []string { return dateKeys(r.DateOfBirth) },
		clear:    func(p *Person) { p.DateOfBirth = teacher.Date{} }},
	{evidence: NINO, personal: true,
		compare:  func(m *matcher, r *teacher.Record) likeness { return compareNINOs(m.nino, r.NINO.Body()) },
		given:    func(p *Person) []string { return keyOf(p.NINO.Body()) },
		recorded: func(r *teacher.Record) []string { return keyOf(r.NINO.Body()) },
		clear:    func(p *Person) { p.NINO = teacher.NINO{} }},
	{evidence: Email, personal: true, leads: true,
		compare:  func(m *matcher, r *teacher.Record) likeness { return compareEmails(m.person.Email, r.Email) },
		given:    func(p *Person) []string { return keyOf(p.Email.Text()) },
		recorded: func(r *teacher.Record) []string { return keyOf(r.Email.Text()) },
		clear:    func(p *Person) { p.Email = teacher.EmailKey{} }},
	{evidence: TRN, personal: true,
		compare:  func(m *matcher, r *teacher.Record) likeness { return compareTRNs(m.person.TRN, r) },
		given:    func(p *Person) []string { return trnKeys(p.TRN) },
		recorded: func(r *teacher.Record) []string { return trnKeys(append([]teacher.TRN{r.TRN}, r.FormerTRNs...)...) },
		clear:    func(p *Person) { p.TRN = teacher.TRN{} }},
	{evidence: Provider,
		given:    func(p *Person) []string { return providerKeys(p.Provider) },
		recorded: func(r *teacher.Record) []string { return providerKeys(r.Providers...) },
		clear:    func(p *Person) { p.Provider = teacher.Provider{} }},
}

// AllEvidence is every kind of evidence, in the order in which decisions list them.
var AllEvidence = func() (all [len(table)]Evidence) {
	for i := range table {
		all[i] = table[i].evidence
	}
	return all
}()

// Personal reports whether a kind of evidence identifies a person by itself.
func (e Evidence) Personal() bool {
	return slices.ContainsFunc(table[:], func(k kind) bool { return k.evidence == e && k.personal })
}

// Only returns the person with some kinds of evidence alone.
func (p Person) Only(kinds []Evidence) Person {
	for i := range table {
		if !slices.Contains(kinds, table[i].evidence) {
			table[i].clear(&p)
		}
	}
	return p
}

// DateCanDecide reports whether records that share no more than the date of birth can be candidates: they can if more
// was given than name, date and what leads to its own records.
func (p *Person) DateCanDecide() bool {
	return !p.DateOfBirth.IsZero() && slices.ContainsFunc(table[:], func(k kind) bool {
		return k.evidence != Name && k.evidence != DateOfBirth && !k.leads && len(k.given(p)) > 0
	})
}

// kinds is a set of kinds of evidence, one bit each in the order of the table.
type kinds uint8

func (k kinds) count() int { return bits.OnesCount8(uint8(k)) }

func (k kinds) has(other kinds) bool { return k&other == other }

// list returns the set as a slice in the order of AllEvidence, nil when empty.
func (k kinds) list() []Evidence {
	if k == 0 {
		return nil
	}
	list := make([]Evidence, 0, k.count())
	for i, e := range AllEvidence {
		if k&(1<<i) != 0 {
			list = append(list, e)
		}
	}
	return list
}
