package matching

import "losttrn/internal/teacher"

// slipYears is the difference in years from which two dates of birth are not near: it excludes a parent and a child of
// one name.
const slipYears = 16

// compareDates compares two dates of birth. They are near if day and month are swapped, or if one digit of their
// eight is wrong and they are under sixteen years apart.
func compareDates(a, b teacher.Date) likeness {
	switch {
	case a.IsZero() || b.IsZero():
		return silent
	case a == b:
		return agrees
	case a.Year() == b.Year() && a.Month() == b.Day() && a.Day() == b.Month():
		return near
	case digitsApart(a, b) == 1 && max(a.Year(), b.Year())-min(a.Year(), b.Year()) < slipYears:
		return near
	}
	return contradicts
}

// digitsApart returns in how many of their eight digits two dates differ.
func digitsApart(a, b teacher.Date) int {
	apart := 0
	for _, pair := range [...][2]int{{a.Year(), b.Year()}, {a.Month(), b.Month()}, {a.Day(), b.Day()}} {
		for x, y := pair[0], pair[1]; x > 0 || y > 0; x, y = x/10, y/10 {
			if x%10 != y%10 {
				apart++
			}
		}
	}
	return apart
}
