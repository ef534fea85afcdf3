package matching

import (
	"testing"

	"losttrn/internal/teacher"
)

func TestNameAgrees(t *testing.T) {
	record := teacher.Record{
		Name:          teacher.Name{First: "Anne", Middle: "Maria", Last: "Smith-Jones"},
		PreviousNames: []teacher.Name{{First: "Ania", Last: "Kowalska"}, {Last: "Baker"}, {Last: "A"}},
	}
	for _, c := range []struct {
		name   string
		person Person
		want   bool
	}{
		{"current", Person{First: "Anne", Last: "Smith Jones"}, true},
		{"previous", Person{First: "Ania", Last: "Kowalska"}, true},
		{"current first with previous last", Person{First: "Anne", Last: "Kowalska"}, true},
		{"previous first with current last", Person{First: "Ania", Last: "Jones"}, true},
		{"current first with a last name alone", Person{First: "Anne", Last: "Baker"}, true},
		{"given previous last", Person{First: "Anne", Last: "Other", PreviousLast: "Kowalska"}, true},
		{"given previous first", Person{First: "Other", Last: "Smith", PreviousFirst: "Anne"}, true},
		{"other order", Person{First: "Kowalska", Last: "Anne Maria"}, true},
		{"initial in the other order", Person{First: "A", Last: "Anne"}, false},
		{"two first names", Person{First: "Anne", Last: "Ania"}, false},
		{"two last names", Person{First: "Smith", Last: "Kowalska"}, false},
		{"blank first", Person{Last: "Smith"}, false},
		{"blank last", Person{First: "Anne"}, false},
		{"blank", Person{}, false},
		{"middle name for a first name", Person{First: "Maria", Last: "Smith"}, false},
	} {
		if got := newMatcher(c.person).nameAgrees(&record); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestNameAgreesNeedsARecordedName(t *testing.T) {
	for _, record := range []teacher.Record{
		{},
		{Name: teacher.Name{First: "Anne"}},
		{Name: teacher.Name{Last: "Smith"}},
		{Name: teacher.Name{First: "-", Last: "'"}},
	} {
		for _, person := range []Person{{First: "Anne", Last: "Smith"}, {First: "", Last: ""}, {First: "-", Last: "'"}} {
			if newMatcher(person).nameAgrees(&record) {
				t.Errorf("%+v agrees with %+v", person, record.Name)
			}
		}
	}
}
