package matching

// compareNINOs compares the first eight characters of two National Insurance numbers, "" for none and for numbers
// that administrators make up. The suffix identifies nobody.
func compareNINOs(a, b string) likeness {
	switch {
	case a == "" || b == "":
		return silent
	case a == b:
		return agrees
	case isSlip(a, b):
		return near
	}
	return contradicts
}

// isSlip reports whether two texts of one length differ as a mistyped one does from the right one: in one character,
// or in two neighbouring ones that are swapped.
func isSlip(a, b string) bool {
	first, off := 0, 0
	for i := range len(a) {
		if a[i] != b[i] {
			if off == 0 {
				first = i
			}
			off++
		}
	}
	return off == 1 || off == 2 && a[first] == b[first+1] && a[first+1] == b[first]
}
