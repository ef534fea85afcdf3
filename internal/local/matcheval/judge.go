package matcheval

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Verdict is the assessment of an outcome.
type Verdict int

// The verdicts. StrictFalse is a TRN sent to a person whose record it is not, whatever the evidence said.
const (
	Right Verdict = iota // the person's own record was found
	StrictFalse
	Helpdesk // several
	Missed   // not found
	verdicts = int(Missed) + 1
)

// Tally counts verdicts.
type Tally [verdicts]int

// Lookups returns how many there were.
func (t *Tally) Lookups() int {
	n := 0
	for _, count := range t {
		n += count
	}
	return n
}

func (t *Tally) add(other Tally) {
	for v, n := range other {
		t[v] += n
	}
}

// judge returns the verdict on a decision.
func (g *Register) judge(l *Lookup, d *matching.Decision) Verdict {
	switch d.Outcome {
	case matching.NotFound:
		return Missed
	case matching.Several:
		return Helpdesk
	}
	if at := g.place(d.TRN); l.Owner != noOwner && g.Owner[at] == l.Owner {
		return Right
	}
	return StrictFalse
}

// place returns the index of the record of a TRN.
func (g *Register) place(t teacher.TRN) int {
	at, _ := slices.BinarySearchFunc(g.Records, t, func(r teacher.Record, t teacher.TRN) int { return strings.Compare(r.TRN.Digits(), t.Digits()) })
	return at
}

// how describes how a wrong record was found: what agreed, was near and contradicted.
func how(p *matching.Person, r *teacher.Record) string {
	e := matching.Explain(*p, *r)
	text := words(e.Agreed)
	if len(e.Near) > 0 {
		text += "; near: " + words(e.Near)
	}
	if len(e.Against) > 0 {
		text += "; against: " + words(e.Against)
	}
	return text
}

func words(kinds []matching.Evidence) string {
	names := map[matching.Evidence]string{matching.Name: "name", matching.DateOfBirth: "birth", matching.NINO: "NINO", matching.Email: "email",
		matching.TRN: "TRN", matching.Provider: "provider"}
	var list []string
	for _, kind := range kinds {
		list = append(list, names[kind])
	}
	return strings.Join(list, " ")
}
