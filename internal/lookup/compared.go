package lookup

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// maxCompared is how many records a lookup's log line describes: those that agreed most.
const maxCompared = 10

// compared describes how a record compares with a person, in codes that identify neither.
type compared struct {
	Agreed    []matching.Evidence `json:"agreed"`
	Near      []matching.Evidence `json:"near"`
	Against   []matching.Evidence `json:"against"`
	Found     string              `json:"foundBy"` // the first rule of the table that finds the record, "" for none
	Never     []string            `json:"never"`   // the rules that forbid it
	Inactive  bool                `json:"inactive"`
	Candidate bool                `json:"candidate"`
}

// compare returns how each record compares, the most similar first. The result is never nil.
func compare(p matching.Person, records []teacher.Record) []compared {
	all := make([]compared, 0, len(records))
	seen := map[teacher.TRN]bool{} // a record that several kinds of evidence found is there once for each
	matching.ExplainEach(p, records, func(e matching.Explanation) {
		if !seen[e.TRN] {
			seen[e.TRN] = true
			all = append(all, compared{codes(e.Agreed), codes(e.Near), codes(e.Against), foundBy(e.Found), codes(e.Never), e.Inactive, e.Candidate})
		}
	})
	slices.SortStableFunc(all, func(a, b compared) int { return len(b.Agreed) - len(a.Agreed) })
	return all[:min(len(all), maxCompared)]
}

// foundBy returns the first of the rules that hold, in the order of the table. A later rule, which lets a kind be near,
// holds as well where that kind agrees, but would report a slip that was not made.
func foundBy(rules []string) string {
	if len(rules) == 0 {
		return ""
	}
	return rules[0]
}

// codes are kinds of evidence, or names of rules, as a list that is never null.
func codes[S ~string](list []S) []S { return append([]S{}, list...) }
