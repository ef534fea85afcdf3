package matching_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// The values are few, so that people and records agree, nearly agree and disagree often.
var (
	someFirsts    = []string{"", "Robert", "Bob", "Sarah", "Sarah Jane", "José", "J", "Mohammed", "Smith"}
	someLasts     = []string{"", "Smith", "Smith-Jones", "Jones", "O’Neill", "de Souza", "de", "Robert"}
	someDates     = parsed(teacher.ParseDate, "1980-02-03", "1980-03-02")
	someNINOs     = parsed(teacher.ParseNINO, "QQ123456C", "QQ123457C", "TN030280F")
	someEmails    = parsed(teacher.ParseEmailKey, "a@example.com", "b@example.com")
	someTRNs      = parsed(teacher.ParseTRN, "0000001", "0000002", "0000003", "0000004")
	someProviders = []teacher.Provider{{}, {UKPRN: "10007001"}, {Name: "Example Ltd"}, {UKPRN: "10007001", Name: "example"}}
	someStatuses  = []teacher.Status{teacher.Active, teacher.Active, teacher.Active, teacher.Active, teacher.Merged}
)

// parsed is the zero value and the texts' values.
func parsed[T any](parse func(string) (T, error), texts ...string) []T {
	values := make([]T, 1, len(texts)+1)
	for _, text := range texts {
		value, err := parse(text)
		if err != nil {
			panic(err)
		}
		values = append(values, value)
	}
	return values
}

var drawPerson = rapid.Custom(func(t *rapid.T) matching.Person {
	return matching.Person{
		First: rapid.SampledFrom(someFirsts).Draw(t, "first"), Last: rapid.SampledFrom(someLasts).Draw(t, "last"),
		Middle:        rapid.SampledFrom([]string{"", "Jane"}).Draw(t, "middle"),
		PreviousFirst: rapid.SampledFrom(someFirsts).Draw(t, "previous first"), PreviousLast: rapid.SampledFrom(someLasts).Draw(t, "previous last"),
		DateOfBirth: rapid.SampledFrom(someDates).Draw(t, "date"), NINO: rapid.SampledFrom(someNINOs).Draw(t, "nino"),
		Email: rapid.SampledFrom(someEmails).Draw(t, "email"), TRN: rapid.SampledFrom(someTRNs).Draw(t, "trn"),
		Provider: rapid.SampledFrom(someProviders).Draw(t, "provider"),
	}
})

var drawRecord = rapid.Custom(func(t *rapid.T) teacher.Record {
	r := teacher.Record{
		TRN:         rapid.SampledFrom(someTRNs[1:]).Draw(t, "trn"),
		Name:        teacher.Name{First: rapid.SampledFrom(someFirsts).Draw(t, "first"), Last: rapid.SampledFrom(someLasts).Draw(t, "last")},
		DateOfBirth: rapid.SampledFrom(someDates).Draw(t, "date"), NINO: rapid.SampledFrom(someNINOs).Draw(t, "nino"),
		Email:     rapid.SampledFrom(someEmails).Draw(t, "email"),
		Providers: []teacher.Provider{rapid.SampledFrom(someProviders).Draw(t, "provider")},
		Status:    rapid.SampledFrom(someStatuses).Draw(t, "status"),
	}
	if rapid.Bool().Draw(t, "renamed") {
		r.PreviousNames = []teacher.Name{{First: rapid.SampledFrom(someFirsts).Draw(t, "first before"), Last: rapid.SampledFrom(someLasts).Draw(t, "last before")}}
	}
	if former := rapid.SampledFrom(someTRNs).Draw(t, "former"); !former.IsZero() {
		r.FormerTRNs = []teacher.TRN{former}
	}
	return r
})

var drawRecords = rapid.SliceOfN(drawRecord, 0, 6)

func TestDecideDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, records := drawPerson.Draw(t, "person"), drawRecords.Draw(t, "records")
		want := matching.Decide(p, records)
		if got := matching.Decide(p, rapid.Permutation(records).Draw(t, "other order")); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, in another order %+v", want, got)
		}
	})
}

// Neither does it depend on the order of what a record lists, nor on which of two names was given first.
func TestDecideDoesNotDependOnOrderOfEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, records := drawPerson.Draw(t, "person"), drawRecords.Draw(t, "records")
		for i := range records {
			records[i].PreviousNames = append(records[i].PreviousNames, teacher.Name{First: "Robert", Last: "Jones"})
			records[i].Providers = append(records[i].Providers, teacher.Provider{Name: "Example"})
			records[i].FormerTRNs = append(records[i].FormerTRNs, someTRNs[3])
		}
		want := matching.Decide(p, records)
		for i := range records {
			slices.Reverse(records[i].PreviousNames)
			slices.Reverse(records[i].Providers)
			slices.Reverse(records[i].FormerTRNs)
		}
		if p.First != "" && p.Last != "" && p.PreviousFirst != "" && p.PreviousLast != "" && p.Middle == "" {
			p.First, p.PreviousFirst = p.PreviousFirst, p.First
			p.Last, p.PreviousLast = p.PreviousLast, p.Last
		}
		if got := matching.Decide(p, records); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, in another order %+v", want, got)
		}
	})
}

// What people write in one way or another changes nothing: letter case, apostrophes, hyphens, spaces, accents.
func TestDecideDoesNotDependOnSpelling(t *testing.T) {
	respell := strings.NewReplacer("’", "'", "-", " ", " ", "\u2011", "é", "e\u0301")
	rapid.Check(t, func(t *rapid.T) {
		p, records := drawPerson.Draw(t, "person"), drawRecords.Draw(t, "records")
		want := matching.Decide(p, records)
		q := p
		for _, name := range []*string{&q.First, &q.Middle, &q.Last, &q.PreviousFirst, &q.PreviousLast} {
			*name = " " + strings.Map(unicode.ToUpper, respell.Replace(*name))
		}
		if got := matching.Decide(q, records); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, spelt otherwise %+v", want, got)
		}
	})
}

func TestDecideIgnoresBlanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, records := drawPerson.Draw(t, "person"), drawRecords.Draw(t, "records")
		want := matching.Decide(p, records)
		blank := rapid.SampledFrom([]string{"", " ", "\u00a0", "-", "'"}).Draw(t, "blank")
		for _, name := range []*string{&p.Middle, &p.PreviousFirst, &p.PreviousLast, &p.Provider.Name} {
			if *name == "" {
				*name = blank
			}
		}
		for i := range records {
			r := &records[i]
			r.PreviousNames = append(slices.Clip(r.PreviousNames), teacher.Name{First: blank, Last: blank})
			r.Providers = append(slices.Clip(r.Providers), teacher.Provider{Name: blank})
			r.FormerTRNs = append(slices.Clip(r.FormerTRNs), teacher.TRN{})
		}
		if got := matching.Decide(p, records); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, with blanks %+v", want, got)
		}
	})
}

// Another record never makes one person be found instead of another, unless it agrees on more than the first.
func TestDecideIsNotTurnedByLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, records := drawPerson.Draw(t, "person"), drawRecords.Draw(t, "records")
		before := matching.Decide(p, records)
		added := drawRecord.Draw(t, "added")
		after := matching.Decide(p, append(slices.Clip(records), added))
		if before.Outcome != matching.Found || after.Outcome != matching.Found || before.TRN == after.TRN || added.TRN == before.TRN {
			return // another version of the record that was found takes evidence from it
		}
		if after.TRN != added.TRN || len(after.Evidence) <= len(before.Evidence) {
			t.Fatalf("%+v became %+v by %+v", before, after, matching.Explain(p, added))
		}
	})
}

// Whoever is found has two kinds of evidence at least, with two only by a rule that hears a kind that is near, and Explain
// agrees with Decide.
func TestDecideAgreesWithExplain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawPerson.Draw(t, "person"), drawRecord.Draw(t, "record")
		decision, explanation := matching.Decide(p, []teacher.Record{r}), matching.Explain(p, r)
		if (decision.Outcome == matching.Found) != explanation.Candidate {
			t.Fatalf("%+v, but %+v", decision, explanation)
		}
		if decision.Outcome == matching.Found && (len(decision.Evidence)+len(explanation.Near) < 3 || len(decision.Evidence) < 2 || !slices.Equal(decision.Evidence, explanation.Agreed)) {
			t.Fatalf("found by %v, explained by %v", decision.Evidence, explanation.Agreed)
		}
	})
}

func FuzzDecide(f *testing.F) {
	f.Add("José", "O’Neill", "Jose", "O'Neill", "Example Ltd", "Example")
	f.Add("Sarah Jane", "de la", "\u0301", "-", "&", "10007001")
	f.Add("Jo\u0080", "O\u0080Neill", "Jo", "O'Neill", "", "")
	f.Fuzz(func(t *testing.T, first, last, recordedFirst, recordedLast, provider, recordedProvider string) {
		p := matching.Person{First: first, Last: last, DateOfBirth: someDates[1], NINO: someNINOs[1], Provider: teacher.ParseProvider(provider)}
		r := teacher.Record{TRN: someTRNs[1], Name: teacher.Name{First: recordedFirst, Last: recordedLast}, DateOfBirth: someDates[1],
			Providers: []teacher.Provider{{Name: recordedProvider}}, Status: teacher.Active}
		decision := matching.Decide(p, []teacher.Record{r})
		if explained := matching.Explain(p, r); explained.Candidate != (decision.Outcome == matching.Found) {
			t.Fatalf("%s, explained %+v", decision.Outcome, explained)
		}
		p.First, p.Last = strings.ToUpper(first), " "+last+" "
		if again := matching.Decide(p, []teacher.Record{r}); again.Outcome != decision.Outcome && strings.EqualFold(p.First, first) {
			t.Fatalf("%s, in capitals %s", decision.Outcome, again.Outcome)
		}
	})
}
