package matcheval

import "math"

// wilson returns the 95 % interval of a share, by Wilson's score method (1927), which holds for small counts and for
// shares near 0 and 1.
func wilson(hits, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, total := float64(hits)/float64(n), float64(n)
	middle := (p + z*z/(2*total)) / (1 + z*z/total)
	half := z / (1 + z*z/total) * math.Sqrt(p*(1-p)/total+z*z/(4*total*total))
	return max(0, middle-half), min(1, middle+half)
}
