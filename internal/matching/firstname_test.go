package matching

import "testing"

func TestFirstNamesAgree(t *testing.T) {
	for _, c := range []struct {
		given, givenMiddle       string
		recorded, recordedMiddle string
		want                     bool
	}{
		{"Sarah", "", "Sarah", "", true},
		{"Sarah", "", "Sarah", "Jane", true},
		{"Sarah Jane", "", "Sarah", "Jane", true},
		{"Sarah", "Jane", "Sarah Jane", "", true},
		{"Sarah Jane", "", "Sarah", "", true},
		{"Sarah Jane", "", "Sarah Louise", "", true}, // same first token
		{"Sara Jane", "", "Sarajane", "", true},
		{"Sarajane", "", "Sara", "Jane", true},
		{"Jane", "", "Sarah", "Jane", false},
		{"Jane", "", "Sarah Jane", "", false},
		{"Sara", "", "Sarabeth", "", false},
		{"Liz Anne", "", "Elizabeth", "", true},
		{"Elizabeth", "", "Liz", "Anne", true},
		{"J", "", "J", "", false},
		{"J", "", "John", "", false},
		{"J", "Robert", "J", "Robert", true},
		{"J Robert", "", "J", "Robert", true},
		{"J Robert", "", "J", "Michael", false},
		{"J R", "", "J", "R", false},
		{"J O", "", "Jo", "", false},
		{"Jo", "", "J", "O", false},
		{"", "Anne", "", "Anne", false},
		{"", "", "", "", false},
		{"明", "", "明", "", true},
		{"अ", "", "अ", "", false},
	} {
		m := newMatcher(Person{First: c.given, Middle: c.givenMiddle})
		if got := m.firstAgrees(c.recorded, c.recordedMiddle, &m.firsts); got != c.want {
			t.Errorf("%q %q, %q %q: %v", c.given, c.givenMiddle, c.recorded, c.recordedMiddle, got)
		}
	}
}
