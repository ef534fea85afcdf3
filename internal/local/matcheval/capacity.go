package matcheval

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Capacity is the read units that one lookup takes, by the key that is read.
type Capacity struct {
	DateOfBirth, NINO, Email, TRN float64
	Candidates                    float64 // records read, a record reached by two keys counted twice
}

// Total returns all read units of a lookup.
func (c Capacity) Total() float64 { return c.DateOfBirth + c.NINO + c.Email + c.TRN }

// MeanCapacity returns the mean over lookups, as DynamoDB counts eventually consistent reads: half a unit for each
// 4 KiB, begun ones included, of the items that a query reads together, and for a query or read that finds
// nothing. A key that was not given is not read.
func (x *Index) MeanCapacity(lookups []Lookup) Capacity {
	var sum Capacity
	for i := range lookups {
		p := &lookups[i].Given
		query := func(given bool, places []int32) float64 {
			if !given {
				return 0
			}
			bytes := 0
			for _, at := range places {
				bytes += itemSize(&x.records[at])
			}
			sum.Candidates += float64(len(places))
			return 0.5 * max(1, float64((bytes+4095)/4096))
		}
		sum.DateOfBirth += query(p.DateCanDecide(), x.byDate[p.DateOfBirth])
		sum.NINO += query(p.NINO.Body() != "", x.byNINO[p.NINO.Body()])
		sum.Email += query(!p.Email.IsZero(), x.byEmail[p.Email])
		if at, ok := x.byTRN[p.TRN]; ok {
			sum.TRN += query(true, []int32{at})
		} else {
			sum.TRN += query(!p.TRN.IsZero(), nil)
		}
	}
	n := float64(max(1, len(lookups)))
	return Capacity{sum.DateOfBirth / n, sum.NINO / n, sum.Email / n, sum.TRN / n, sum.Candidates / n}
}

// itemSize returns the bytes that DynamoDB counts for an item of an index with what matching reads: names of attributes
// and their values in UTF-8; a list or map takes three bytes, and one for each element.
func itemSize(r *teacher.Record) int {
	size := 0
	text := func(name, value string) {
		if value != "" {
			size += len(name) + len(value)
		}
	}
	text("trn", r.TRN.Digits())
	text("firstName", r.Name.First)
	text("middleName", r.Name.Middle)
	text("lastName", r.Name.Last)
	text("dateOfBirth", r.DateOfBirth.ISO())
	text("nationalInsuranceNumber", r.NINO.Normalised())
	text("emailKey", r.Email.Text())
	text("status", string(r.Status))
	text("mergedInto", r.MergedInto.Digits())
	if len(r.PreviousNames) > 0 {
		size += len("previousNames") + 3
		for _, n := range r.PreviousNames {
			size += 1 + 3 + 2
			text("firstName", n.First)
			text("lastName", n.Last)
		}
	}
	if len(r.Providers) > 0 {
		size += len("trainingProviders") + 3
		for _, p := range r.Providers {
			size += 1 + 3 + 2
			text("ukprn", p.UKPRN)
			text("name", p.Name)
		}
	}
	if len(r.FormerTRNs) > 0 {
		size += len("formerTrns") + 3
		for _, t := range r.FormerTRNs {
			size += 1 + len(t.Digits())
		}
	}
	return size + 1
}

// candidatesOf returns the records that any key of a person leads to, each once.
func (x *Index) candidatesOf(records []teacher.Record, places []int32, p *matching.Person) ([]teacher.Record, []int32) {
	places = x.appendCandidates(places[:0], p)
	records = records[:0]
	for _, at := range places {
		records = append(records, x.records[at])
	}
	return records, places
}
