package guess_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/guess"
	"losttrn/internal/local/remembered"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// memory is what was tried, and holds every request to the most entries.
type memory struct {
	*remembered.Memory
	// further counts the requests for which something had to be read when the record was known.
	further int
}

func newMemory() *memory { return &memory{Memory: remembered.New()} }

// lookUp decides as a lookup does, and remembers what found nothing.
func (m *memory) lookUp(p matching.Person, records ...teacher.Record) matching.Decision {
	decision, counts := m.LookUp(p, records...)
	if counts.Further > 0 {
		m.further++
	}
	if counts.Entries+counts.Further > guess.MaxEntries || counts.Shelves > guess.MaxEntries || counts.Values > guess.MaxEntries || counts.Notes > guess.MaxEntries {
		panic(fmt.Sprintf("too many are read or written: %+v", counts))
	}
	return decision
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// victim is a record, and truth all that it says.
func victim() (teacher.Record, matching.Person) {
	r := teacher.Record{TRN: must(teacher.ParseTRN("1000001")), Status: teacher.Active,
		Name:          teacher.Name{First: "Robert", Middle: "James", Last: "Smith-Jones"},
		PreviousNames: []teacher.Name{{First: "Bobby", Last: "O'Neill"}},
		DateOfBirth:   must(teacher.ParseDate("1980-02-03")), NINO: must(teacher.ParseNINO("QQ123456C")),
		Email:      must(teacher.ParseEmailKey("victim@example.com")),
		Providers:  []teacher.Provider{{UKPRN: "10007001", Name: "Example University"}, {Name: "Other College"}},
		FormerTRNs: []teacher.TRN{must(teacher.ParseTRN("1000009"))}}
	return r, matching.Person{First: "Robert", Last: "Smith-Jones", DateOfBirth: r.DateOfBirth, NINO: r.NINO, Email: r.Email, TRN: r.TRN,
		Provider: teacher.Provider{Name: "Example University"}}
}

// only is a person of whom nothing but some kinds is known.
func only(p matching.Person, kinds ...matching.Evidence) matching.Person {
	q := matching.Person{}
	for _, kind := range kinds {
		switch kind {
		case matching.Name:
			q.First, q.Middle, q.Last, q.PreviousFirst, q.PreviousLast = p.First, p.Middle, p.Last, p.PreviousFirst, p.PreviousLast
		case matching.DateOfBirth:
			q.DateOfBirth = p.DateOfBirth
		case matching.NINO:
			q.NINO = p.NINO
		case matching.Email:
			q.Email = p.Email
		case matching.TRN:
			q.TRN = p.TRN
		case matching.Provider:
			q.Provider = p.Provider
		}
	}
	return q
}

// wrong sets a kind to the n-th wrong value.
func wrong(p matching.Person, kind matching.Evidence, n int) matching.Person {
	switch kind {
	case matching.Name:
		p.First, p.Last = "Wrong", fmt.Sprintf("Person%c", 'a'+n)
	case matching.DateOfBirth:
		p.DateOfBirth = must(teacher.ParseDate(fmt.Sprintf("1955-06-%02d", n+1)))
	case matching.NINO:
		p.NINO = must(teacher.ParseNINO(fmt.Sprintf("QQ9998%02dA", n+10)))
	case matching.Email:
		p.Email = must(teacher.ParseEmailKey(fmt.Sprintf("wrong%d@example.com", n)))
	case matching.TRN:
		p.TRN = must(teacher.ParseTRN(fmt.Sprintf("30000%02d", n+1)))
	case matching.Provider:
		p.Provider = teacher.Provider{Name: fmt.Sprintf("Wrong College %c", 'a'+n)}
	}
	return p
}

// triples calls test with every pair of kinds and every third kind.
func triples(test func(a, b, c matching.Evidence)) {
	for i, a := range matching.AllEvidence {
		for _, b := range matching.AllEvidence[i+1:] {
			for _, c := range matching.AllEvidence {
				if c != a && c != b {
					test(a, b, c)
				}
			}
		}
	}
}

// TestSixGuesses: beside any two kinds a third is found by up to six guesses, and from then on by none; the person
// herself is found by any other kind all the same, and so is she who tries one value again and again.
func TestSixGuesses(t *testing.T) {
	if guess.MaxValues != 6 {
		t.Errorf("%d guesses are enough", guess.MaxValues)
	}
	record, truth := victim()
	triples(func(a, b, c matching.Evidence) {
		right := only(truth, a, b, c)
		for _, guesses := range []int{guess.MaxValues - 1, guess.MaxValues, 50} {
			m := newMemory()
			for n := range guesses {
				m.lookUp(wrong(right, c, n%60%26), record)
			}
			want := matching.Found
			if guesses >= guess.MaxValues {
				want = matching.NotFound
			}
			if got := m.lookUp(right, record).Outcome; got != want {
				t.Errorf("%s beside %s and %s: %s after %d guesses", c, a, b, got, guesses)
			}
			for _, other := range matching.AllEvidence {
				if other == a || other == b || other == c {
					continue
				}
				if got := m.lookUp(only(truth, a, b, other), record); got.Outcome != matching.Found || len(got.Evidence) < 3 {
					t.Errorf("%s beside %s and %s guessed: with %s instead: %s", c, a, b, other, got.Outcome)
				}
				if got := m.lookUp(only(truth, a, b, c, other), record); got.Outcome != matching.Found {
					t.Errorf("%s beside %s and %s guessed: with %s too: %s", c, a, b, other, got.Outcome)
				}
			}
		}
		m := newMemory()
		for range 50 {
			m.lookUp(wrong(right, c, 1), record)
		}
		if got := m.lookUp(right, record).Outcome; got != matching.Found {
			t.Errorf("%s beside %s and %s: %s after one wrong value many times", c, a, b, got)
		}
	})
}

// respellings of what the victim's record holds, each of which agrees with it.
var (
	someNames = [][3]string{{"Robert", "", "Smith-Jones"}, {"Bob", "", "Smith Jones"}, {"ROB", "", "smith"}, {"Robert", "James", "Jones"},
		{"Bobby", "", "O’Neill"}, {"Robert", "", "ONeill"}, {"Smith", "", "Robert"}, {"Jones", "", "Bob"}, {"Robert James", "", "Smithjones"},
		{"Robertjames", "", "Jones"}, {"Robert", "", "Smith-Jones Other"}, {"Robert", "", "van Smith"}}
	someProviders = []teacher.Provider{{UKPRN: "10007001", Name: "Example University"}, {Name: "Example University"}, {Name: "the example university ltd"}, {Name: "OTHER College"}}
)

func drawSpelling(t *rapid.T, truth matching.Person, kinds ...matching.Evidence) matching.Person {
	p := only(truth, kinds...)
	if slices.Contains(kinds, matching.Name) {
		name := rapid.SampledFrom(someNames).Draw(t, "name")
		p.First, p.Middle, p.Last = name[0], name[1], name[2]
	}
	if slices.Contains(kinds, matching.Provider) {
		p.Provider = rapid.SampledFrom(someProviders).Draw(t, "provider")
	}
	if slices.Contains(kinds, matching.NINO) {
		p.NINO = must(teacher.ParseNINO("qq 12 34 56 " + rapid.SampledFrom([]string{"C"}).Draw(t, "suffix")))
	}
	if slices.Contains(kinds, matching.TRN) {
		p.TRN = must(teacher.ParseTRN(rapid.SampledFrom([]string{"1000001", "1000009"}).Draw(t, "trn")))
	}
	return p
}

// TestSpellingsAreCountedTogether: any requests that agree with one record on two kinds share that pair's entry, however
// they spell what they share: so six wrong values of a third kind, each beside another spelling, silence it.
func TestSpellingsAreCountedTogether(t *testing.T) {
	record, truth := victim()
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.Permutation(matching.AllEvidence[:]).Draw(t, "kinds")
		a, b, c := kinds[0], kinds[1], kinds[2]
		m := newMemory()
		for n := range guess.MaxValues {
			p := drawSpelling(t, truth, a, b)
			agreed := matching.Explain(p, record).Agreed
			if !slices.Contains(agreed, a) || !slices.Contains(agreed, b) {
				t.Fatalf("%+v does not agree with the record on %s and %s", p, a, b)
			}
			m.lookUp(wrong(p, c, n), record)
		}
		right := drawSpelling(t, truth, a, b, c)
		if d := matching.Decide(right, []teacher.Record{record}); d.Outcome != matching.Found {
			t.Fatalf("%+v is not found by nobody's guessing", right)
		}
		if got := m.lookUp(right, record); got.Outcome != matching.NotFound {
			t.Fatalf("%s beside %s and %s: six guesses in other spellings, and %+v is %s", c, a, b, right, got.Outcome)
		}
	})
}

// TestNeverMoreThanTheMostEntries, whoever asks.
func TestNeverMoreThanTheMostEntries(t *testing.T) {
	_, truth := victim()
	if got := len(guess.Entries(only(truth, matching.Name, matching.DateOfBirth, matching.Email))); got != 5 {
		t.Errorf("%d entries of an early match of a double name", got)
	}
	words := rapid.StringMatching(`[A-Za-z]{2,8}([ -][A-Za-z]{2,8}){0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		p := truth
		p.First, p.Middle, p.Last = words.Draw(t, "first"), words.Draw(t, "middle"), words.Draw(t, "last")
		p.PreviousFirst, p.PreviousLast = words.Draw(t, "first before"), words.Draw(t, "last before")
		switch rapid.IntRange(0, 3).Draw(t, "one name") { // those who have one name give it twice, or once
		case 0:
			p.Last = p.First
		case 1:
			p.Last, p.PreviousFirst = "", ""
		}
		entries := guess.Entries(p)
		if shelves := guess.Shelves(entries); len(entries) > guess.MaxEntries || len(shelves) > guess.MaxEntries {
			t.Fatalf("%d entries on %d shelves", len(entries), len(shelves))
		}
		for i, e := range entries {
			if slices.Contains(entries[:i], e) {
				t.Fatalf("%v twice", e.Pair)
			}
		}
		// Of the six pairs none but those of the name have several entries.
		if pairs := pairsOf(entries); len(pairs) < 4 {
			t.Fatalf("%d pairs of six kinds", len(pairs))
		}
	})
}

func pairsOf(entries []guess.Entry) map[guess.Pair]bool {
	pairs := map[guess.Pair]bool{}
	for _, e := range entries {
		pairs[e.Pair] = true
	}
	return pairs
}

// TestNamesOfManyWordsHideNothing: a name that fills all the room there is is remembered as far as it finds anybody.
func TestNamesOfManyWordsHideNothing(t *testing.T) {
	record, truth := victim()
	record.Name, record.PreviousNames = teacher.Name{First: "Zebedee", Last: "Smith"}, nil
	guesses := 0
	for _, kind := range []matching.Evidence{matching.Provider, matching.NINO, matching.Email, matching.TRN} {
		for words := range 14 {
			for _, spell := range []func(p *matching.Person, fill string){
				func(p *matching.Person, fill string) { p.First, p.Last = "Zebedee", fill+" Smith" },
				func(p *matching.Person, fill string) { p.First, p.Last = "Zebedee "+fill, "Smith" },
				func(p *matching.Person, fill string) { p.First, p.Middle, p.Last = "Zebedee", fill, "Smith" },
				func(p *matching.Person, fill string) { p.First, p.Last = "Smith", "Zebedee "+fill },
				func(p *matching.Person, fill string) {
					p.First, p.Last, p.PreviousFirst, p.PreviousLast = "Zebedee", "Smith", fill, fill
				},
			} {
				m := newMemory()
				filled := func(n int) matching.Person {
					p := only(truth, matching.Name, matching.DateOfBirth, kind)
					var fill []string
					for word := range words {
						fill = append(fill, "A"+string(rune('a'+n))+string(rune('a'+word)))
					}
					spell(&p, strings.Join(fill, " "))
					return p
				}
				if newMemory().lookUp(filled(20), record).Outcome != matching.Found {
					continue // it guesses nothing
				}
				guesses++
				for n := range guess.MaxValues {
					m.lookUp(wrong(filled(n), kind, n), record)
				}
				for _, p := range []matching.Person{filled(20), only(truth, matching.Name, matching.DateOfBirth, kind)} {
					if p.Last == truth.Last {
						p.First, p.Last = "Zebedee", "Smith"
					}
					if got := m.lookUp(p, record); got.Outcome == matching.Found {
						t.Errorf("%s: %+v is found after six guesses", kind, p)
					}
				}
			}
		}
	}
	if guesses < 100 {
		t.Errorf("%d kinds of guesses", guesses)
	}
}

// TestSeveralTellNothing: of two records that a guess would find, a silent kind leaves none, and where one is left the
// helpdesk still decides.
func TestSeveralTellNothing(t *testing.T) {
	one, truth := victim()
	two := one
	two.TRN, two.FormerTRNs = must(teacher.ParseTRN("1000002")), nil
	right := only(truth, matching.Name, matching.DateOfBirth, matching.Provider)
	if got := newMemory().lookUp(right, one, two).Outcome; got != matching.Several {
		t.Fatalf("two records are %s", got)
	}
	m := newMemory()
	for n := range guess.MaxValues {
		m.lookUp(wrong(right, matching.Provider, n), one, two)
	}
	if got := m.lookUp(right, one, two).Outcome; got != matching.NotFound {
		t.Errorf("a silent kind is %s with two records", got)
	}
}
