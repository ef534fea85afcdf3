package matching_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Names in the spellings that matching takes for one, and others.
var (
	keyFirsts = []string{"Robert", "Bob", "rob", "Bobby", "Sarah", "SARA", "Sarah Jane", "Sarah-Jane", "Sarahjane", "Jane", "José", "Jose",
		"Jörg", "Joerg", "Mohammed Ali", "Muhammad", "Ali", "Mrs Sarah", "J", "Elizabeth", "Liz", "Kate", "Catherine", "Li", "Zoë", "Zoe", "Smith", "Thi Mai", "Mai", "Nguyen Thi", "S", "FNU", "-", "Dr. Jo", "Syed Ali", "Abdelrahman", "Abdul Rahman"}
	keyLasts = []string{"Smith", "smith", "Smith-Jones", "Smith Jones", "Jones", "Smithjones", "O'Neill", "ONeill", "O’Neill", "Neill", "de Souza",
		"DeSouza", "Souza", "McDonald", "Mac Donald", "MacDonald", "St John", "Saint John", "Müller", "Mueller", "Muller", "Nguyen", "Nguyễn Thị", "Mai", "Green Jr", "Green Jnr.", "Kumar", "Suharto", "LNU", "Lo", "Abdel Rahman", "Abdulrahman", "Mac Smith", "Webb (née Jones)", "van der Berg", "Berg", "Li", "Robert"}
)

func drawKeyPerson(t *rapid.T, label string) matching.Person {
	first, last := rapid.SampledFrom(keyFirsts), rapid.SampledFrom(keyLasts)
	p := matching.Person{First: first.Draw(t, label+" first"), Last: last.Draw(t, label+" last"),
		Middle:      rapid.SampledFrom([]string{"", "", "Jane", "Ali"}).Draw(t, label+" middle"),
		DateOfBirth: someDates[1], NINO: rapid.SampledFrom(someNINOs).Draw(t, label+" nino"),
		Email: rapid.SampledFrom(someEmails).Draw(t, label+" email"), TRN: rapid.SampledFrom(someTRNs).Draw(t, label+" trn"),
		Provider: rapid.SampledFrom(someProviders).Draw(t, label+" provider")}
	if rapid.IntRange(0, 3).Draw(t, label+" renamed") == 0 {
		p.PreviousFirst, p.PreviousLast = first.Draw(t, label+" first before"), last.Draw(t, label+" last before")
	}
	if rapid.IntRange(0, 3).Draw(t, label+" swapped") == 0 {
		p.First, p.Last = p.Last, p.First
	}
	return p
}

func drawKeyRecord(t *rapid.T) teacher.Record {
	p := drawKeyPerson(t, "record")
	r := drawRecord.Draw(t, "rest")
	r.Name = teacher.Name{First: p.First, Middle: p.Middle, Last: p.Last}
	if p.PreviousLast != "" {
		r.PreviousNames = []teacher.Name{{First: p.PreviousFirst, Last: p.PreviousLast}}
	}
	return r
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

// TestWhoAgreesSharesAKey: whatever agrees by matching's own comparisons is filed under a common key.
func TestWhoAgreesSharesAKey(t *testing.T) {
	names := 0
	rapid.Check(t, func(t *rapid.T) {
		p, r := drawKeyPerson(t, "person"), drawKeyRecord(t)
		// Two names drawn alone seldom agree: half of the records have the person's, spelt in one of a few ways.
		if rapid.Bool().Draw(t, "same person") {
			r.Name = rapid.SampledFrom([]teacher.Name{
				{First: p.First, Middle: p.Middle, Last: p.Last},
				{First: p.First, Last: p.Last},
				{First: strings.ToUpper(p.First), Last: strings.ToLower(p.Last)},
				{First: p.Last, Last: p.First},
				{First: strings.ReplaceAll(p.First, " ", "-"), Last: strings.ReplaceAll(p.Last, "-", " ")},
				{First: strings.ReplaceAll(p.First, " ", ""), Last: strings.ReplaceAll(p.Last, " ", "")},
			}).Draw(t, "spelling")
		}
		// Lookups know the name of a number. A record without it agrees with those only who give the number.
		r.Providers = slices.DeleteFunc(r.Providers, func(listed teacher.Provider) bool { return listed.Name == "" })
		for _, listed := range r.Providers {
			if p.Provider.UKPRN == listed.UKPRN && p.Provider.UKPRN != "" {
				p.Provider.Name = listed.Name
			}
		}
		given, recorded := matching.PersonKeys(p), matching.RecordKeys(&r)
		for _, kind := range matching.Explain(p, r).Agreed {
			shared := share(given.Of(kind), recorded.Of(kind))
			if kind == matching.Name {
				names++
				shared = shared && share(given.Whole, recorded.Whole)
			}
			if !shared {
				t.Fatalf("%s agrees, but no key is shared:\n%+v\n%+v\n%+v\n%+v", kind, p, r, given, recorded)
			}
		}
	})
	if names == 0 {
		t.Error("no names agreed")
	}
}

// TestKeysTellApart: keys that everybody shared would silence everybody.
func TestKeysTellApart(t *testing.T) {
	keys := func(first, last string) matching.Keys {
		return matching.PersonKeys(matching.Person{First: first, Last: last})
	}
	for _, pair := range [][2][2]string{
		{{"Ann", "Example"}, {"Sarah", "Smith"}},
		{{"Ann", "van Berg"}, {"Sarah", "van Holt"}},
		{{"Ann", "Mac Donald"}, {"Sarah", "Mac Gregor"}},
	} {
		a, b := keys(pair[0][0], pair[0][1]), keys(pair[1][0], pair[1][1])
		if share(a.Whole, b.Whole) || share(a.First, b.First) {
			t.Errorf("%v share a key: %+v, %+v", pair, a, b)
		}
	}
	if a, b := keys("Ann", "Smith"), keys("Ann", "Jones"); share(a.Whole, b.Whole) {
		t.Errorf("two names share a key of the whole: %+v, %+v", a, b)
	}
	if a, b := keys("Ann", "van Berg"), keys("Ann", "van Holt"); share(a.Whole, b.Whole) {
		t.Errorf("two names share a key of what many names begin with: %+v, %+v", a, b)
	}
}

// TestKeysAreNoMoreThanNeeded: each is written, counted and read once.
func TestKeysAreNoMoreThanNeeded(t *testing.T) {
	given := matching.PersonKeys(matching.Person{First: "Ann", Last: "Smith"})
	recorded := matching.RecordKeys(&teacher.Record{Name: teacher.Name{First: "Ann", Last: "Smith"},
		PreviousNames: []teacher.Name{{First: "Ann", Last: "Jones"}}})
	for _, c := range []struct{ got, want []string }{
		{given.First, []string{"ann", "smith"}}, {given.Whole, []string{"ann smith"}},
		{recorded.First, []string{"ann"}}, {recorded.Whole, []string{"ann jones", "ann smith"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("keys %q, want %q", c.got, c.want)
		}
	}
}

// TestKeysOfRecordsTellApart: a last name alone is no first name's key, nor is a middle name that is not used alone the key of
// a whole name.
func TestKeysOfRecordsTellApart(t *testing.T) {
	for _, c := range []struct {
		given, recorded teacher.Name
	}{
		{teacher.Name{First: "Bob", Last: "Smith"}, teacher.Name{First: "Ann", Last: "Smith"}},
		{teacher.Name{First: "Bob", Last: "Smith"}, teacher.Name{First: "Ann", Middle: "Jane", Last: "Smith"}},
		{teacher.Name{First: "Jane", Last: "Smith"}, teacher.Name{First: "Ann", Middle: "Jane", Last: "Smith"}},
		{teacher.Name{First: "J", Last: "Smith"}, teacher.Name{First: "Ann J", Last: "Smith"}},
	} {
		given := matching.PersonKeys(matching.Person{First: c.given.First, Middle: c.given.Middle, Last: c.given.Last})
		recorded := matching.RecordKeys(&teacher.Record{Name: c.recorded})
		if share(given.First, recorded.First) || share(given.Whole, recorded.Whole) {
			t.Errorf("%+v and %+v share a key: %+v, %+v", c.given, c.recorded, given, recorded)
		}
	}
}

// TestKeysOfProviders: a provider is filed by its name as it is compared, or by its number if it has no name.
func TestKeysOfProviders(t *testing.T) {
	for _, c := range []struct {
		providers []teacher.Provider
		want      []string
	}{
		{[]teacher.Provider{{UKPRN: "10007001", Name: "The Hill & Dale (Holdings) Ltd"}}, []string{"hill and dale holdings"}},
		{[]teacher.Provider{{UKPRN: "10007001", Name: " Ltd "}}, []string{"10007001"}},
		{[]teacher.Provider{{Name: "Example"}, {Name: "Example Ltd"}, {Name: "-"}, {UKPRN: "10007002"}}, []string{"example", "10007002"}},
		{nil, nil},
	} {
		keys := matching.RecordKeys(&teacher.Record{Providers: c.providers})
		if got := keys.Of(matching.Provider); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q", c.providers, got)
		}
	}
}
