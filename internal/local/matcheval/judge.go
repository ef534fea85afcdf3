package matcheval

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// PointsDefinition says what judge means by evidence that itself points at the wrong person.
const PointsDefinition = `A match is false if the record found is not one of the person's own. The evidence itself pointed at the wrong person
if at least three kinds of what was given are true of that record: its date of birth, National Insurance number, email
or TRN (own or former) to the letter; one of its providers by UKPRN or by name; and a name that its owner might have
typed without a slip: a first name of theirs, current or previous, with or without further names behind its first word,
or a short form of it, the full name that it is short for, or another spelling of it (Bob, Robert; Catherine, Kathryn);
with a last name of theirs, current or previous, whole or one half of a double one, in either order (but Mohammed Ali is
not Mohammed Hassan). Then nothing but what was given could tell the two apart, and the match is counted apart, as
misled. All other false matches are the rule's own.`

// Verdict is what an outcome is worth.
type Verdict int

// The verdicts.
const (
	Right    Verdict = iota // the person's own record was found
	Wrong                   // another's was found, and the fault is the rule's
	Misled                  // another's was found, and the evidence itself pointed at it
	Helpdesk                // several
	Missed                  // not found
)

// judge tells what a decision on a lookup is worth.
func (g *Register) judge(l *Lookup, d *matching.Decision) Verdict {
	switch d.Outcome {
	case matching.NotFound:
		return Missed
	case matching.Several:
		return Helpdesk
	}
	at := g.place(d.TRN)
	if l.Owner != nobody && g.Owner[at] == l.Owner {
		return Right
	}
	if pointsAt(&l.Given, &g.Records[at]) {
		return Misled
	}
	return Wrong
}

// place is where the record of a TRN stands.
func (g *Register) place(t teacher.TRN) int {
	at, _ := slices.BinarySearchFunc(g.Records, t, func(r teacher.Record, t teacher.TRN) int { return strings.Compare(r.TRN.Digits(), t.Digits()) })
	return at
}

// pointsAt tells whether at least three kinds of what was given are true of a record. It shares no rule with the
// matcher but the folding of texts.
func pointsAt(p *matching.Person, r *teacher.Record) bool {
	kinds := 0
	for _, isTrue := range []bool{
		!p.DateOfBirth.IsZero() && p.DateOfBirth == r.DateOfBirth,
		!p.NINO.IsZero() && p.NINO == r.NINO,
		!p.Email.IsZero() && p.Email == r.Email,
		!p.TRN.IsZero() && (p.TRN == r.TRN || slices.Contains(r.FormerTRNs, p.TRN)),
		slices.ContainsFunc(r.Providers, func(o teacher.Provider) bool {
			return p.Provider.UKPRN != "" && p.Provider.UKPRN == o.UKPRN || p.Provider.Name != "" && plainProvider(p.Provider.Name) == plainProvider(o.Name)
		}),
		nameIsTrue(p, r),
	} {
		if isTrue {
			kinds++
		}
	}
	return kinds >= 3
}

func plainProvider(name string) string {
	name = " " + matching.Fold(strings.ReplaceAll(name, "&", " and ")) + " "
	for _, noise := range []string{" the ", " ltd ", " limited "} {
		name = strings.ReplaceAll(name, noise, " ")
	}
	return strings.TrimSpace(name)
}

func nameIsTrue(p *matching.Person, r *teacher.Record) bool {
	var firsts, lasts []string
	for _, n := range append([]teacher.Name{r.Name}, r.PreviousNames...) {
		first := firstWord(n.First)
		firsts = append(firsts, n.First, first, n.First+" "+n.Middle)
		firsts = append(firsts, othersFor(first)...)
		lasts = append(lasts, n.Last)
		lasts = append(lasts, strings.FieldsFunc(n.Last, func(r rune) bool { return r == '-' || r == ' ' })...)
	}
	given := []string{p.First, p.PreviousFirst, p.First + " " + p.Middle}
	givenLasts := []string{p.Last, p.PreviousLast}
	return share(withFirstWords(given), firsts) && share(givenLasts, lasts) || share(given, lasts) && share(withFirstWords(givenLasts), firsts)
}

// withFirstWords is first names, and the first word of each, unless brothers or sisters share that.
func withFirstWords(names []string) []string {
	for _, name := range names {
		if !familyName(name) {
			names = append(names, firstWord(name))
		}
	}
	return names
}

// share tells whether two lists have a name in common that is more than a blank.
func share(given, recorded []string) bool {
	for _, g := range given {
		folded := matching.Fold(g)
		if folded != "" && slices.ContainsFunc(recorded, func(r string) bool { return matching.Fold(r) == folded }) {
			return true
		}
	}
	return false
}
