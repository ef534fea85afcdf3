package matching

import (
	"testing"

	"losttrn/internal/teacher"
)

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
		{"Sara", "Jane", "Sarajane", "", true},
		{"Sarajane", "Ann", "Sara Jane", "", true}, // with and without a middle name
		{"Sarajane", "", "Sara Jane", "Ann", true},
		{"Sara", "Jane Ann", "Sarajane", "Ann", true},
		{"Sarajane", "Ann", "Sara", "Jane Ann", true},
		{"Sarajane", "Ann", "Sara Jane", "Louise", true},
		{"Sara", "Jane", "Sarajane", "Louise", true},
		{"Jane", "", "Sarah", "Jane", false},
		{"Jane", "", "Sarah Jane", "", false},
		{"Sara", "", "Sarabeth", "", false},
		{"Liz Anne", "", "Elizabeth", "", true},
		{"Elizabeth", "", "Liz", "Anne", true},
		{"Siu Ming", "", "Peter Siu Ming", "", true},
		{"Peter Siu Ming", "", "Siu Ming", "", true},
		{"Ming", "", "Peter Ming", "", false},
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
		{"Mrs Sarah", "", "Sarah", "", true},
		{"Sarah", "", "Prof. Dr. Sarah", "", true},
		{"Mrs", "", "Sarah", "", false},
		{"Sister", "", "Sister", "", true}, // nothing else is left
		{"Sarah & John", "", "Sarah", "", false},
		{"Sarah", "", "Sarah and John", "", false},
		{"R Srinivasan", "", "Srinivasan", "", true},
		{"\"Sally\"", "", "Sally", "", true},
		{"Sally (Sarah)", "", "Sally", "", true},
		{"Sarah/Sally", "", "Sarah", "", true},
		{"Jörg", "", "Joerg", "", true},
		{"Soeren", "", "Søren", "", true},
		{"Sue", "", "Su", "", false}, // no umlaut anywhere
		{"Sara", "", "Sarah", "", true},
		{"明", "", "明", "", true},
		{"अ", "", "अ", "", false},
		{"Р", "", "Р", "", false}, // Cyrillic
	} {
		if got := firstNameAgrees(c.given, c.givenMiddle, c.recorded, c.recordedMiddle); got != c.want {
			t.Errorf("%q %q, %q %q: %v", c.given, c.givenMiddle, c.recorded, c.recordedMiddle, got)
		}
	}
}

func firstNameAgrees(given, givenMiddle, recorded, recordedMiddle string) bool {
	r := &teacher.Record{Name: teacher.Name{First: recorded, Middle: recordedMiddle}}
	n := newRecordName(new(folder), r)
	return n.anyFirst(newGivenName(Person{First: given, Middle: givenMiddle}).firsts)
}
