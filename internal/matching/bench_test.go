package matching_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// BenchmarkDecide200 is a lookup with 200 candidates who share the person's birthday, each of whom must be
// compared by provider; one of them is the person. In the last case all trained at one place, so that the names are compared
// too.
func BenchmarkDecide200(b *testing.B) {
	for _, c := range []struct {
		name        string
		first, last string
		oneProvider bool
	}{{"ascii", "Anne-Marie", "O'Neill-Smith", false}, {"accents", "Zoë", "Žižková-Østergård", false},
		{"one provider", "Anne-Marie", "O'Neill-Smith", true}, {"one provider, accents", "Zoë", "Žižková-Østergård", true}} {
		b.Run(c.name, func(b *testing.B) { benchmarkDecide(b, c.first, c.last, c.oneProvider) })
	}
}

func benchmarkDecide(b *testing.B, first, last string, oneProvider bool) {
	records := make([]teacher.Record, 200)
	for i := range records {
		records[i] = teacher.Record{
			TRN:  parsed(teacher.ParseTRN, fmt.Sprintf("%07d", i))[1],
			Name: teacher.Name{First: first, Middle: "Louise", Last: fmt.Sprintf("%s %c", last, 'a'+i%26)}, DateOfBirth: someDates[1],
			PreviousNames: []teacher.Name{{First: first, Last: "Taylor"}},
			Providers:     []teacher.Provider{{Name: fmt.Sprintf("University of Example %d Ltd", i)}}, Status: teacher.Active,
		}
		if oneProvider && i < 199 {
			records[i].Providers[0].Name = "University of Example 199"
			records[i].Name.Last, records[i].PreviousNames = fmt.Sprintf("Taylor%c", 'a'+i%26), nil
		}
	}
	p := matching.Person{First: first, Last: last, DateOfBirth: someDates[1], Provider: teacher.ParseProvider("University of Example 199")}
	b.ReportAllocs()
	for b.Loop() {
		if matching.Decide(p, records).Outcome != matching.Found {
			b.Fatal("not found")
		}
	}
	decided := b.Elapsed()
	b.ReportMetric(float64(decided.Microseconds())/float64(b.N)/200, "µs/candidate")
	// What a hundred more of them add, whatever the person's own name takes once.
	allocations := func(of []teacher.Record) float64 {
		return testing.AllocsPerRun(20, func() { matching.Decide(p, of) })
	}
	b.ReportMetric((allocations(records)-allocations(records[100:]))/100, "allocs/candidate")
	// The floor looks once at one text of each candidate.
	same, began := 0, time.Now()
	for range b.N {
		for i := range records {
			if strings.EqualFold(records[i].Providers[0].Name, records[199].Providers[0].Name) {
				same++
			}
		}
	}
	if same < b.N {
		b.Fatal("the floor finds nobody")
	}
	b.ReportMetric(float64(time.Since(began).Nanoseconds())/1000/float64(b.N), "floor-µs")
}
