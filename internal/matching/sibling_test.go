package matching

import (
	"testing"

	"losttrn/internal/teacher"
)

// A brother's or sister's name: the last name agrees, and no first name is like one on record.
func TestIsSiblings(t *testing.T) {
	for _, c := range []struct {
		given    Person
		recorded teacher.Name
		want     bool
	}{
		{Person{First: "Bella", Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Harmer"}, true},
		{Person{First: "Harmer", Last: "Bella"}, teacher.Name{First: "Alice", Last: "Harmer"}, true}, // in the other order
		{Person{First: "Bella", Middle: "Jane", Last: "Harmer"}, teacher.Name{First: "Alice", Middle: "Jane", Last: "Harmer"}, true},
		{Person{First: "Mohammed Ali", Last: "Khan"}, teacher.Name{First: "Mohammed Hassan", Last: "Khan"}, true},
		{Person{First: "Jean-Pierre", Last: "Martin"}, teacher.Name{First: "Jean-Claude", Last: "Martin"}, true},
		{Person{First: "Bella", Last: "Harmer", PreviousLast: "Webb"}, teacher.Name{First: "Alice", Last: "Webb"}, true},
		{Person{First: "Bella", Last: "Webb"}, teacher.Name{First: "Alice", Last: "Harmer"}, false},                           // of another family
		{Person{First: "Jane", Last: "Harmer"}, teacher.Name{First: "Alice", Middle: "Jane", Last: "Harmer"}, false},          // a middle name used alone
		{Person{First: "Alice", Last: "Harmer"}, teacher.Name{First: "Jane", Middle: "Alice", Last: "Harmer"}, false},         // likewise
		{Person{First: "Jane", Middle: "Alice", Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Harmer"}, false},         // likewise
		{Person{First: "Alcie", Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Harmer"}, false},                         // a slip
		{Person{First: "A", Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Harmer"}, false},                             // an initial
		{Person{First: "Beth", Last: "Harmer"}, teacher.Name{First: "Elizabeth", Last: "Harmer"}, false},                      // a short form
		{Person{First: "Gabri", Last: "Harmer"}, teacher.Name{First: "Gabriella", Last: "Harmer"}, false},                     // one that is on no list
		{Person{First: "Bela Jane", Last: "Harmer"}, teacher.Name{First: "Bella Anna", Last: "Harmer"}, false},                // a slip in one of two words
		{Person{First: "Anna Beth", Last: "Harmer"}, teacher.Name{First: "Elizabeth", Last: "Harmer"}, false},                 // a short form beside another
		{Person{First: "Bob", Last: "Harmer"}, teacher.Name{First: "Rob", Last: "Harmer"}, false},                             // two short forms of one name
		{Person{First: "Polly", Last: "Harmer"}, teacher.Name{First: "Mary", Last: "Harmer"}, false},                          // what once was one
		{Person{First: "Mohammed Ali", Last: "Khan"}, teacher.Name{First: "Hassan", Middle: "Mohammed", Last: "Khan"}, false}, // a middle name is shared
		{Person{Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Harmer"}, false},                                         // no first name
		{Person{First: "Bella", Last: "Harmer"}, teacher.Name{Last: "Harmer"}, false},                                         // none on record
		{Person{First: "Bella", PreviousFirst: "Alice", Last: "Harmer"}, teacher.Name{First: "Alice", Last: "Hall"}, false},   // of another family now
	} {
		if got := compareNames(c.given, teacher.Record{Name: c.recorded}).sibling; got != c.want {
			t.Errorf("%+v, %+v: %v", c.given, c.recorded, got)
		}
	}
	r := teacher.Record{Name: teacher.Name{First: "Alice", Last: "Harmer"}, PreviousNames: []teacher.Name{{First: "Bella", Last: "Harmer"}}}
	if compareNames(Person{First: "Bela", Last: "Harmer"}, r).sibling {
		t.Error("a slip in a former first name")
	}
}
