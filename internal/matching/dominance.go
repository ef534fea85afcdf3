package matching

// dominant returns the candidate that agrees on everything that every other agrees on and more, if there is one. A
// single candidate is dominant.
func dominant(candidates []candidate) (candidate, bool) {
	if len(candidates) == 0 {
		return candidate{}, false
	}
	best := candidates[0]
	for _, c := range candidates[1:] {
		if c.agreed.count() > best.agreed.count() {
			best = c
		}
	}
	for _, c := range candidates {
		if c.trn != best.trn && (c.agreed == best.agreed || !best.agreed.has(c.agreed)) {
			return candidate{}, false
		}
	}
	return best, true
}
