package matching

import "slices"

// dominant returns the candidate that agrees on everything that every other agrees on and more, if there is one. A
// single candidate is dominant.
func dominant(candidates []candidate) (candidate, bool) {
	for _, best := range candidates {
		if !slices.ContainsFunc(candidates, func(c candidate) bool {
			return c.trn != best.trn && (c.agreed == best.agreed || !best.agreed.has(c.agreed))
		}) {
			return best, true
		}
	}
	return candidate{}, false
}
