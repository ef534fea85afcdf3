package matching_test

import (
	"fmt"
	"testing"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// A record costs no memory of its own: beside what grows now and then for all, there are as many allocations for 400
// candidates as for 200, whose names are written in every way of the Latin alphabet and agree, nearly agree and contradict.
func TestNoAllocationPerCandidate(t *testing.T) {
	names := []teacher.Name{{First: "Anna", Last: "Smith"}, {First: "Zoë", Middle: "Jörg", Last: "Østergård"}, {First: "Sinéad", Last: "O'Neill"},
		{First: "Ewan", Last: "McDonald-St. John"}, {First: "Dr Mohammed Ali", Last: "Abdel-Rahman"}, {First: "Olga", Last: "Ivanova Jnr."},
		{First: "Anna", Last: "Smyth"}, {First: "J. Robert", Middle: "A", Last: "de la Cruz"}, {First: "Liz", Last: "Łukasik"}, {First: "Smith", Last: "Anna"},
		{First: "Bella", Last: "Smith"}, {First: "Mai", Middle: "Thi", Last: "Annasmith"}}
	records := make([]teacher.Record, 400)
	for i := range records {
		records[i] = teacher.Record{TRN: parsed(teacher.ParseTRN, fmt.Sprintf("%07d", i+1))[1], Name: names[i%len(names)], DateOfBirth: someDates[1],
			PreviousNames: []teacher.Name{names[i/2%len(names)]}, Email: someEmails[1],
			Providers: []teacher.Provider{{Name: fmt.Sprintf("St Mary’s & St John’s Université %d Ltd", i)}, {Name: "The Example Ltd"}}, Status: teacher.Active}
	}
	for _, p := range []matching.Person{
		{First: "Anna", Last: "Smith", DateOfBirth: someDates[1], Provider: teacher.ParseProvider("Example")},
		{First: "Zoë", Last: "Žižková", DateOfBirth: someDates[1], Provider: teacher.ParseProvider("Example")},
		{First: "Nguyen Thi", Last: "Mai", PreviousLast: "O’Neill", DateOfBirth: someDates[1], Provider: teacher.ParseProvider("Example")},
		{First: "Bela", Last: "Smith", DateOfBirth: someDates[1], NINO: someNINOs[1], Provider: teacher.ParseProvider("Example")},
	} {
		allocations := func(n int) float64 {
			return testing.AllocsPerRun(20, func() { matching.Decide(p, records[:n]) })
		}
		if few, many := allocations(200), allocations(400); many > few+10 {
			t.Errorf("%s %s: %.0f allocations for 200 candidates, %.0f for 400", p.First, p.Last, few, many)
		}
	}
}
