package guess_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"losttrn/internal/guess"
	"losttrn/internal/local/matchcases"
	"losttrn/internal/matching"
)

var (
	draws = flag.Int("draws", 250, "records with odd names to draw")
	seed  = flag.Uint64("seed", 1, "seed of the names")
)

// TestEverySpellingOfAnyNameIsCounted: six wrong values, each beside another spelling of a name that is found with the right
// value, silence it beside any other spelling, however odd the name is. Beside a date of birth no more than the first name
// need agree. go test ./internal/guess -run EverySpelling -draws 200000 -seed 2 draws others.
func TestEverySpellingOfAnyNameIsCounted(t *testing.T) {
	records := *draws
	if testing.Short() {
		records /= 5
	}
	record, truth := victim()
	pick := rand.New(rand.NewPCG(*seed, 0)).IntN
	tried := 0
	for range records {
		r := record
		r.Name, r.PreviousNames = matchcases.DrawNames(pick)
		for beside, guessed := range map[matching.Evidence]matching.Evidence{matching.DateOfBirth: matching.NINO, matching.Provider: matching.DateOfBirth} {
			var found []matching.Person // by the right value
			for try := 0; len(found) <= guess.MaxValues && try < 3*guess.MaxValues; try++ {
				right := only(truth, beside, guessed)
				spelt := matchcases.DrawSpelling(pick, r.Name, r.PreviousNames)
				right.First, right.Middle, right.Last, right.PreviousFirst, right.PreviousLast = spelt.First, spelt.Middle, spelt.Last, spelt.PreviousFirst, spelt.PreviousLast
				if newMemory().lookUp(right, r).Outcome == matching.Found {
					found = append(found, right)
				}
			}
			if len(found) <= guess.MaxValues {
				continue
			}
			tried++
			m := newMemory()
			for n, right := range found[:guess.MaxValues] {
				if d := m.lookUp(wrong(right, guessed, n), r); d.Outcome != matching.NotFound {
					t.Fatalf("%+v is %s by a wrong %s", right, d.Outcome, guessed)
				}
			}
			if d := m.lookUp(found[guess.MaxValues], r); d.Outcome != matching.NotFound {
				t.Errorf("six wrong values of %s beside %s were tried of %+v, before %+v, and %+v is %s:\n%+v", guessed, beside, r.Name, r.PreviousNames, found[guess.MaxValues], d.Outcome, found)
			}
		}
	}
	if tried < records {
		t.Errorf("of %d records, no more than %d were guessed", records, tried)
	}
}
