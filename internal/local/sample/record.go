package sample

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// record is one row of the register, before it is written.
type record struct {
	trn                 int
	first, middle, last string
	previous            [][2]string
	born                time.Time
	nino, email         string
	providers           []provider
	status              string
	formerTRN           int // 0: none
	alerts              []alert
	locked              bool
	lockedAt, updatedAt time.Time
}

type alert struct {
	id, kind   string
	start, end time.Time // end zero: none
}

// The register was last updated before this moment.
var extracted = day(2025, 12, 20)

// record makes row i.
func (o Options) record(i int) record {
	if o.mergedAway(i) {
		return o.duplicate(i)
	}
	r := o.person(i)
	if i+1 < o.Count && o.mergedAway(i+1) {
		r.formerTRN = o.FirstTRN + i + 1
	} else {
		r.status = o.fate(i, r)
	}
	return r
}

// mergedAway reports whether row i is a second record of the person of row i-1.
func (o Options) mergedAway(i int) bool {
	return i > 0 && o.drawnDuplicate(i) && !o.drawnDuplicate(i-1)
}

func (o Options) drawnDuplicate(i int) bool { return newDraws(o.Seed, i, streamFate).perMille(8) }

// duplicate returns the record that row i-1 has absorbed: the same person, entered again.
func (o Options) duplicate(i int) record {
	r := o.person(i - 1)
	r.trn = o.FirstTRN + i
	r.status = fmt.Sprintf("merged:%07d", r.trn-1)
	r.middle, r.email, r.alerts, r.providers = "", "", nil, nil
	return r
}

func (o Options) fate(i int, r record) string {
	d := newDraws(o.Seed, i, streamFate)
	d.below(1000) // the draw of drawnDuplicate
	switch {
	case r.born.Year() < 1960 && d.perMille(50):
		return "deceased"
	case d.perMille(12):
		return "deactivated"
	}
	return "active"
}

// person returns the living person of row i.
func (o Options) person(i int) record {
	d := newDraws(o.Seed, i, streamPerson)
	r := record{trn: o.FirstTRN + i, status: "active"}
	// Born 1945 to 2003, most of them between 1960 and 1995.
	r.born = day(1945, 1, 1).AddDate(0, 0, (d.below(59*365)+d.below(59*365))/2)
	woman := d.perMille(740)
	last := o.name(d, &r, woman)
	renamed := 12
	if woman {
		renamed = 300
	}
	if d.perMille(renamed) {
		r.wasCalled(r.first, last())
	}
	if d.perMille(6) {
		r.wasCalled(d.of(generationOf(r.born).women), r.last)
	}
	if !d.perMille(250) {
		r.nino = o.nino(i)
	}
	if !d.perMille(600) {
		r.email = mailbox(d, i, r)
	}
	if !d.perMille(80) {
		r.providers = append(r.providers, providers[d.below(len(providers))])
	}
	if d.perMille(70) {
		if p := providers[d.below(len(providers))]; len(r.providers) == 0 || p != r.providers[0] {
			r.providers = append(r.providers, p)
		}
	}
	o.account(i, &r)
	return r
}

// wasCalled adds a previous name, if it is another than the present one.
func (r *record) wasCalled(first, last string) {
	if first != r.first || last != r.last {
		r.previous = append(r.previous, [2]string{first, last})
	}
}

// name sets the name, and returns a source of further last names for the same person.
func (o Options) name(d draws, r *record, woman bool) (last func() string) {
	first, middle := generationOf(r.born).men, middleMen
	if woman {
		first, middle = generationOf(r.born).women, middleWomen
	}
	last = func() string {
		if d.perMille(420) {
			return d.of(tailFirst) + d.of(tailSecond)
		}
		return d.ranked(lastNames)
	}
	left := d.below(1000)
	for _, h := range heritages {
		if left -= h.share; left < 0 {
			if first = h.men; woman {
				first = h.women
			}
			last = func() string { return d.ranked(h.last) }
			break
		}
	}
	r.first = d.ranked(first)
	r.last = last()
	if d.perMille(25) {
		r.last += d.of(doubleBarrel) + last()
	}
	if d.perMille(450) {
		r.middle = d.ranked(middle)
	}
	return last
}

func generationOf(born time.Time) generation {
	for _, g := range generations {
		if born.Year() < g.before {
			return g
		}
	}
	return generations[len(generations)-1]
}

// nino returns a number whose first eight characters are unique among the first million rows: an affine map of the
// row's number onto the six digits, and the suffix for each further million.
func (o Options) nino(i int) string {
	n := (uint64(i)*376_037 + o.Seed%1_000_000) % 1_000_000
	return fmt.Sprintf("QQ%06d%c", n, 'A'+rune((i/1_000_000)%4))
}

// mailbox returns an address at example.com made from the name, as people make theirs.
func mailbox(d draws, i int, r record) string {
	first, last := asciiLetters(r.first), asciiLetters(r.last)
	if first == "" || last == "" {
		return fmt.Sprintf("teacher%d@example.com", i)
	}
	switch d.below(4) {
	case 0:
		return fmt.Sprintf("%s.%s%d@example.com", first, last, i)
	case 1:
		return fmt.Sprintf("%s%s%d@example.com", first[:1], last, i)
	case 2:
		return fmt.Sprintf("%s_%s%d@example.com", last, first, i)
	}
	return fmt.Sprintf("%s.%s.%d@example.com", first, last, i)
}

func asciiLetters(name string) string {
	return strings.Map(func(c rune) rune {
		if c = unicode.ToLower(c); c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, norm.NFKD.String(name))
}

// account draws what the portal knows: the lock, the alerts, and when the record was last changed. Accounts made
// before 2014 and never used are locked.
func (o Options) account(i int, r *record) {
	d := newDraws(o.Seed, i, streamAccount)
	qualified := r.born.AddDate(22, 0, 0)
	opened := qualified
	if opened.Before(day(2004, 9, 1)) {
		opened = day(2004, 9, 1)
	}
	if d.perMille(430) && opened.Before(day(2014, 1, 1)) {
		r.locked, r.lockedAt = true, d.moment(opened, day(2014, 4, 1))
	} else if d.perMille(20) && opened.Before(day(2025, 1, 1)) {
		r.locked, r.lockedAt = true, d.moment(opened, day(2025, 6, 1))
	}
	alertFrom := qualified
	if alertFrom.Before(day(1995, 1, 1)) {
		alertFrom = day(1995, 1, 1)
	}
	if alertFrom.Before(day(2024, 1, 1)) {
		if d.perMille(20) {
			r.alerts = append(r.alerts, d.alert(i, 1, alertFrom, true))
		}
		if d.perMille(15) {
			r.alerts = append(r.alerts, d.alert(i, 2, alertFrom, false))
		}
	}
	from := opened
	for _, a := range r.alerts {
		from = later(from, a.start)
	}
	from = later(from, r.lockedAt)
	if !from.Before(extracted) {
		from = extracted.AddDate(0, -1, 0)
	}
	r.updatedAt = d.moment(from, extracted)
}

var alertTypes = []string{
	"Prohibition by the Secretary of State - misconduct",
	"Interim prohibition by the Secretary of State",
	"Conditional Registration Order - serious professional incompetence",
	"Suspension order - unacceptable professional conduct",
	"Failed induction",
	"Section 128 barring direction",
}

// alert draws an alert that is open without end (or to a distant day), or one that ended before the register was
// extracted.
func (d draws) alert(i, n int, from time.Time, open bool) alert {
	a := alert{id: fmt.Sprintf("A%d-%d", i, n), kind: d.of(alertTypes), start: d.moment(from, day(2024, 6, 1))}
	switch {
	case !open:
		a.end = d.moment(a.start.AddDate(0, 0, 30), later(a.start.AddDate(0, 0, 60), day(2025, 1, 1)))
	case d.perMille(200):
		a.end = day(2060+d.below(20), 1+d.below(12), 1)
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
