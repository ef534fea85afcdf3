package guess_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/guess"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// TestWhatNobodyTriedIsNotReadAgain: a record with other names, or with other providers, than were given is found without a
// further read while nothing was tried under those; and with one when something was.
func TestWhatNobodyTriedIsNotReadAgain(t *testing.T) {
	several, truth := victim()
	named, provided := several, several
	named.Name.Middle, named.Providers = "", several.Providers[:1]
	provided.Name, provided.PreviousNames = teacher.Name{First: "Robert", Last: "Jones"}, nil
	for name, test := range map[string]struct {
		record     teacher.Record
		given      [3]string // the name
		otherTried func(p *matching.Person)
	}{
		"other names":     {named, [3]string{"Robert", "", "Jones"}, func(p *matching.Person) { p.Last = "Smith" }},
		"former name":     {named, [3]string{"Bob", "", "O'Neill"}, func(p *matching.Person) { p.Last = "Smith-Jones" }},
		"other providers": {provided, [3]string{"Robert", "", "Jones"}, func(p *matching.Person) { p.Provider = teacher.Provider{Name: "Other College"} }},
	} {
		t.Run(name, func(t *testing.T) {
			right := only(truth, matching.Name, matching.DateOfBirth, matching.Provider)
			right.First, right.Middle, right.Last = test.given[0], test.given[1], test.given[2]
			right.Email = must(teacher.ParseEmailKey("asker@example.com"))
			m := newMemory()
			for _, stage := range []matching.Person{only(right, matching.Name, matching.DateOfBirth, matching.Email), right} {
				if want := stage == right; (m.lookUp(stage, test.record).Outcome == matching.Found) != want || m.further > 0 {
					t.Fatalf("%+v: %d further reads", stage, m.further)
				}
			}
			tried := right
			test.otherTried(&tried)
			for n := range guess.MaxValues {
				m.lookUp(wrong(tried, matching.DateOfBirth, n), test.record)
				if got := m.lookUp(right, test.record).Outcome; (got == matching.Found) != (n+1 < guess.MaxValues) || m.further != n+1 {
					t.Fatalf("after %d dates beside what was not given: %s, %d further reads", n+1, got, m.further)
				}
			}
		})
	}
}

// TestShelvesTellOfEveryEntry: whatever anybody remembers under an entry is known to whoever reads any shelf of it.
func TestShelvesTellOfEveryEntry(t *testing.T) {
	_, truth := victim()
	word := rapid.StringMatching(`[A-Za-zé]{1,6}([ -][A-Za-z]{2,6})?`)
	rapid.Check(t, func(t *rapid.T) {
		m := newMemory()
		p := truth
		for n := range rapid.IntRange(1, 4).Draw(t, "requests") {
			p.First, p.Middle, p.Last = word.Draw(t, "first"), word.Draw(t, "middle"), word.Draw(t, "last")
			p = wrong(p, matching.NINO, n)
			m.lookUp(p)
		}
		for e := range m.Values {
			for _, shelf := range guess.Shelves([]guess.Entry{e}) {
				if tried := m.Tried(nil, []guess.Shelf{shelf}); tried.Known(e) {
					t.Fatal(fmt.Sprintf("%+v holds something, and is not noted on %+v", e, shelf))
				}
			}
		}
	})
}

// TestALostNoteIsMadeAgain: whose note was lost when the value was remembered, because that write failed, makes it by asking the
// same again, as one does who was answered with a failure.
func TestALostNoteIsMadeAgain(t *testing.T) {
	_, p := victim()
	m := newMemory()
	m.lookUp(p)
	clear(m.Notes)
	m.lookUp(p)
	noted := 0
	for e := range m.Values {
		for _, shelf := range guess.Shelves([]guess.Entry{e}) {
			if noted++; m.Tried(nil, []guess.Shelf{shelf}).Known(e) {
				t.Errorf("%+v holds something, and is not noted on %+v", e, shelf)
			}
		}
	}
	if noted == 0 {
		t.Error("nothing stands on a shelf")
	}
}
