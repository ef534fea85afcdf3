package matcheval

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Index finds records by the four keys by which the service reads them, and by nothing else.
type Index struct {
	records []teacher.Record
	byDate  map[teacher.Date][]int32
	byNINO  map[string][]int32 // by the first eight characters
	byEmail map[teacher.EmailKey][]int32
	byTRN   map[teacher.TRN]int32
}

// NewIndex indexes records.
func NewIndex(records []teacher.Record) *Index {
	x := &Index{
		records: records, byDate: map[teacher.Date][]int32{},
		byNINO: make(map[string][]int32, len(records)), byEmail: make(map[teacher.EmailKey][]int32, len(records)/2),
		byTRN: make(map[teacher.TRN]int32, len(records)),
	}
	for i := range records {
		r, at := &records[i], int32(i)
		if !r.DateOfBirth.IsZero() {
			x.byDate[r.DateOfBirth] = append(x.byDate[r.DateOfBirth], at)
		}
		if body := r.NINO.Body(); body != "" {
			x.byNINO[body] = append(x.byNINO[body], at)
		}
		if !r.Email.IsZero() {
			x.byEmail[r.Email] = append(x.byEmail[r.Email], at)
		}
		x.byTRN[r.TRN] = at
	}
	return x
}

// appendCandidates appends the places of all records that any key of a person leads to, each once, in order.
func (x *Index) appendCandidates(places []int32, p *matching.Person) []int32 {
	start := len(places)
	if p.DateCanDecide() {
		places = append(places, x.byDate[p.DateOfBirth]...)
	}
	places = append(places, x.byNINO[p.NINO.Body()]...)
	places = append(places, x.byEmail[p.Email]...)
	if at, ok := x.byTRN[p.TRN]; ok {
		places = append(places, at)
	}
	slices.Sort(places[start:])
	return slices.Compact(places)
}
