package matcheval

import "testing"

// TestHonestPeopleAreFound on a small register, as crowded as a large one on a busy day: as many lookups as a tenth of
// its people.
func TestHonestPeopleAreFound(t *testing.T) {
	h := RunHonest(Options{People: 20_000, Lookups: 2_000, Seed: 7}, 1, "")
	if h.Lookups < 1_900 || h.Found < h.Lookups/2 || h.Tries == 0 {
		t.Errorf("%+v", h)
	}
	if h.Lost > 0 {
		t.Errorf("%d lookups were not found for the rule alone", h.Lost)
	}
	if h.Further*50 > h.Found {
		t.Errorf("%d of %d finds read what was tried in two steps", h.Further, h.Found)
	}
	if most := float64(h.ReadNotFound) / float64(h.Lookups-h.Found); most > 3*24 {
		t.Errorf("%.1f entries read of a visit that is not found", most)
	}
}
