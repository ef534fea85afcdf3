package matcheval

// jaroWinkler returns the similarity of two names, 0 to 1: Jaro's, raised for a common beginning of up to four letters
// (Winkler 1990), which people seldom mistype.
func jaroWinkler(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	reach := max(0, max(len(x), len(y))/2-1)
	var roomX, roomY [128]bool
	if len(x) > len(roomX) || len(y) > len(roomY) {
		return 0
	}
	common := 0
	for i := range x {
		for j := max(0, i-reach); j <= min(len(y)-1, i+reach); j++ {
			if !roomY[j] && x[i] == y[j] {
				roomX[i], roomY[j] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range x {
		if !roomX[i] {
			continue
		}
		for !roomY[j] {
			j++
		}
		if x[i] != y[j] {
			moved++
		}
		j++
	}
	c := float64(common)
	jaro := (c/float64(len(x)) + c/float64(len(y)) + (c-float64(moved/2))/c) / 3
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}
