package matcheval

import (
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// level is the degree to which a kind of evidence agrees. Each kind has some of the levels.
type level uint8

// The levels. The first three count as agreement, or as near agreement.
const (
	exact           level = iota // the same, names after folding
	lenient                      // a name that agrees by the rules of matching without being the same; a former TRN
	near                         // a date, National Insurance number or TRN with one character off or two swapped
	nearFirst                    // the last name is the same, the first name nearly
	nearLast                     // the first name is the same, the last name nearly
	nearBoth                     // both nearly
	lastOnly                     // the last name is the same, the first is another
	firstOnly                    // the first name is the same, the last is another
	differs                      // known on both sides and none of the above
	missing                      // unknown on one side
	levels          = int(missing) + 1
	jaroWinklerNear = 0.90
)

func (l level) agreesNearly() bool { return l <= nearBoth }

// comparison is the level of each kind, in the order of matching.AllEvidence.
type comparison [len(matching.AllEvidence)]level

// The places of the kinds in a comparison.
const (
	atName = iota
	atDate
	atNINO
	atEmail
	atTRN
	atProvider
)

// agreesNearly returns how many kinds agree at least nearly.
func (c *comparison) agreesNearly() int {
	n := 0
	for _, l := range c {
		if l.agreesNearly() {
			n++
		}
	}
	return n
}

// outweighed reports whether a different National Insurance number outweighs a record that agrees, at least nearly, on
// name, date of birth and training provider alone. It applies to the score as to the service's rule.
func (c *comparison) outweighed() bool {
	return c[atNINO] == differs && !c[atEmail].agreesNearly() && !c[atTRN].agreesNearly()
}

// folded is a person's names, folded once for many comparisons.
type folded struct{ firsts, lasts []string }

func fold(p *matching.Person) folded {
	var f folded
	for _, name := range []string{p.First, p.PreviousFirst} {
		if name = matching.Fold(name); name != "" {
			f.firsts = append(f.firsts, name)
		}
	}
	for _, name := range []string{p.Last, p.PreviousLast} {
		if name = matching.Fold(name); name != "" {
			f.lasts = append(f.lasts, name)
		}
	}
	return f
}

// compare compares a person with a record. Names and providers, which cost most, are only looked at while three
// kinds can still agree; ok is false if they cannot.
func compare(p *matching.Person, f *folded, r *teacher.Record) (c comparison, ok bool) {
	c = comparison{missing, missing, missing, missing, missing, missing}
	if !p.DateOfBirth.IsZero() && !r.DateOfBirth.IsZero() {
		c[atDate] = compareDates(p.DateOfBirth, r.DateOfBirth)
	}
	if p.NINO.Body() != "" && r.NINO.Body() != "" {
		c[atNINO] = compareText(p.NINO.Body(), r.NINO.Body())
	}
	if !p.Email.IsZero() && !r.Email.IsZero() {
		c[atEmail] = differs
		if p.Email == r.Email {
			c[atEmail] = exact
		}
	}
	if !p.TRN.IsZero() {
		c[atTRN] = compareText(p.TRN.Digits(), r.TRN.Digits())
		if slices.Contains(r.FormerTRNs, p.TRN) {
			c[atTRN] = lenient
		}
	}
	n := c.agreesNearly()
	if n == 0 || n == 1 && p.Provider.IsZero() {
		return c, false
	}
	c[atProvider] = compareProviders(p.Provider, r.Providers)
	if c.agreesNearly() < 2 {
		return c, false
	}
	c[atName] = compareNames(p, f, r)
	return c, c.agreesNearly() >= 3
}

func compareProviders(given teacher.Provider, recorded []teacher.Provider) level {
	if given.IsZero() || len(recorded) == 0 {
		return missing
	}
	// Two kinds that agree and a provider that does: the provider alone makes the third.
	p := matching.Person{Provider: given}
	for _, e := range matching.Explain(p, teacher.Record{Providers: recorded}).Agreed {
		if e == matching.Provider {
			return exact
		}
	}
	return differs
}

func compareDates(a, b teacher.Date) level {
	if a == b {
		return exact
	}
	if a.Year() == b.Year() && a.Day() == b.Month() && a.Month() == b.Day() {
		return near
	}
	return compareText(a.ISO(), b.ISO())
}

// compareText returns exact, or near if one character is wrong or two neighbours are swapped.
func compareText(a, b string) level {
	if a == b {
		return exact
	}
	if len(a) != len(b) {
		return differs
	}
	first, off := -1, 0
	for i := range len(a) {
		if a[i] != b[i] {
			if off == 0 {
				first = i
			}
			off++
		}
	}
	if off == 1 || off == 2 && first+1 < len(a) && a[first] == b[first+1] && a[first+1] == b[first] {
		return near
	}
	return differs
}

func compareNames(p *matching.Person, f *folded, r *teacher.Record) level {
	if len(f.firsts) == 0 || len(f.lasts) == 0 || r.Name.First == "" || r.Name.Last == "" {
		return missing
	}
	best := differs
	for i := -1; i < len(r.PreviousNames); i++ {
		name := r.Name
		if i >= 0 {
			name = r.PreviousNames[i]
		}
		first, last := matching.Fold(name.First), matching.Fold(name.Last)
		for _, givenFirst := range f.firsts {
			for _, givenLast := range f.lasts {
				best = min(best, compareName(givenFirst, givenLast, first, last), compareName(givenLast, givenFirst, first, last))
			}
		}
	}
	if best > lenient && slices.Contains(matching.Explain(*p, *r).Agreed, matching.Name) {
		return lenient
	}
	return best
}

func compareName(givenFirst, givenLast, first, last string) level {
	sameFirst, sameLast := givenFirst == first, givenLast == last
	if sameFirst && sameLast {
		return exact
	}
	nearlyFirst := sameFirst || jaroWinkler(givenFirst, first) >= jaroWinklerNear
	nearlyLast := sameLast || jaroWinkler(givenLast, last) >= jaroWinklerNear
	switch {
	case sameLast && nearlyFirst:
		return nearFirst
	case sameFirst && nearlyLast:
		return nearLast
	case nearlyFirst && nearlyLast:
		return nearBoth
	case sameLast:
		return lastOnly
	case sameFirst:
		return firstOnly
	}
	return differs
}
