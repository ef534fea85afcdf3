package matching_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"losttrn/internal/local/matchcases"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

var (
	draws = flag.Int("draws", 20_000, "names to draw")
	seed  = flag.Uint64("seed", 1, "seed of the names")
)

// TestEverySpellingSharesAKey: whoever agrees with a record by name has a key of the whole name in common with it, and whoever
// agrees no further than by a first name one of first names, however odd the name is and however it is written: else varying
// the spelling would give more tries. go test ./internal/matching -run EverySpelling -draws 3000000 -seed 2 draws others.
func TestEverySpellingSharesAKey(t *testing.T) {
	records := *draws
	if testing.Short() {
		records /= 5
	}
	pick := rand.New(rand.NewPCG(*seed, 0)).IntN
	agreed, near := 0, 0
	for range records {
		var r teacher.Record
		r.Name, r.PreviousNames = matchcases.DrawNames(pick)
		p := matchcases.DrawSpelling(pick, r.Name, r.PreviousNames)
		explained := matching.Explain(p, r)
		whole := slices.Contains(explained.Agreed, matching.Name)
		switch {
		case whole:
			agreed++
		case slices.Contains(explained.Near, matching.Name):
			near++
		default:
			continue
		}
		given, recorded := matching.PersonKeys(p), matching.RecordKeys(&r)
		if !share(given.First, recorded.First) || whole && !share(given.Whole, recorded.Whole) {
			t.Errorf("%+v and %+v, before %+v, agree, and share no key:\n%q\n%q", p, r.Name, r.PreviousNames, given, recorded)
		}
	}
	if 2*agreed < records || 50*near < records {
		t.Errorf("of %d, %d agree, and %d by first name", records, agreed, near)
	}
}
