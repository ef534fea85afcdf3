package lookup_test

import (
	"context"
	"errors"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/guess"
	"losttrn/internal/lookup"
)

// listed are the names of providers, by UKPRN; nil is a list that cannot be read.
type listed map[string]string

func (l listed) Named(_ context.Context, ukprn string) (string, error) {
	if l == nil {
		return "", errors.New("down")
	}
	return l[ukprn], nil
}

// TestANumberOfAProviderIsItsName: what is tried beside a provider's number counts beside its name, and the other way
// round; and who gives the number is found.
func TestANumberOfAProviderIsItsName(t *testing.T) {
	w := newFixture(t, plenty)
	w.service.Providers = listed{"10007788": "University of Numbers"}
	w.teacher("1000031", func(i attribute.Item) {
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String("Nora"), attribute.String("Counted"), attribute.String("1972-07-07")
		delete(i, "nationalInsuranceNumber")
		delete(i, "ninoKey")
		delete(i, "email")
		delete(i, "emailKey")
		i["trainingProviders"] = attribute.MapList(attribute.Item{"ukprn": attribute.String("10007788"), "name": attribute.String("University of Numbers")})
	})
	ask := func(provider, day string) lookup.Outcome {
		d := good()
		d.Email, d.FirstName, d.LastName, d.TrainingProvider = "nora@example.com", "Nora", "Counted", provider
		d.DateOfBirth = lookup.TypedDate{Day: day, Month: "7", Year: "1972"}
		return w.lookup(w.request(d)).Outcome
	}
	days := []string{"11", "12", "13", "14", "15", "16"}[:guess.MaxValues]
	for name, spellings := range map[string][2]string{
		"number first": {"10007788", "University of Numbers"},
		"name first":   {"The University of Numbers", "10007788"},
	} {
		w.run(name, func(t *testing.T) {
			for _, spelling := range spellings {
				if got := ask(spelling, "7"); got != lookup.TRNSent {
					t.Errorf("%s: %s before anybody guessed", spelling, got)
				}
			}
			for _, day := range days {
				ask(spellings[0], day)
			}
			for _, spelling := range spellings {
				if got := ask(spelling, "7"); got != lookup.NoMatch {
					t.Errorf("%s: %s after %d dates beside %s", spelling, got, guess.MaxValues, spellings[0])
				}
			}
		})
	}
	w.run("no list", func(t *testing.T) {
		w.service.Providers = listed(nil)
		d := good()
		d.TrainingProvider = "10007788"
		if a, err := w.service.Lookup(t.Context(), w.request(d)); err == nil {
			t.Errorf("answered %s without knowing the provider's name", a.Outcome)
		}
	})
}
