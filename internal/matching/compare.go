package matching

import "losttrn/internal/teacher"

// comparison is the result of comparing a person with a record, by kind of evidence. A kind in none of the sets is
// silent.
type comparison struct {
	agreed, near, against kinds
	oneEdit               bool // the name is near, and the last names are one edit apart
	sibling               bool // the name contradicts, and a brother or sister would give it
}

// both returns what holds for two versions of one record.
func both(a, b comparison) comparison {
	agreed := a.agreed & b.agreed
	return comparison{
		agreed:  agreed,
		near:    (a.agreed | a.near) & (b.agreed | b.near) &^ agreed,
		against: a.against | b.against,
		oneEdit: (a.oneEdit || a.agreed.has(nameBit)) && (b.oneEdit || b.agreed.has(nameBit)),
		sibling: a.sibling || b.sibling,
	}
}

// canBecomeCandidate reports whether a record may be a candidate; of those of which it reports so, some are none. It looks
// at names and providers, which cost most, only where they can decide, and at providers first where the name alone cannot.
func (m *matcher) canBecomeCandidate(r *teacher.Record) bool {
	c := m.compareNumbers(r)
	named := c
	named.agreed |= nameBit
	if !isCandidate(&named) && !m.providerAgrees(r) {
		return false
	}
	m.compareName(r, &c)
	c.agreed |= providerBit
	return isCandidate(&c)
}

// compare compares the person with a record.
func (m *matcher) compare(r *teacher.Record) comparison {
	c := m.compareNumbers(r)
	m.compareName(r, &c)
	if m.providerAgrees(r) {
		c.agreed |= providerBit
	}
	return c
}

// compareNumbers compares all but names and providers.
func (m *matcher) compareNumbers(r *teacher.Record) comparison {
	var c comparison
	for i := range table {
		if compare := table[i].compare; compare != nil {
			c.set(1<<i, compare(m, r))
		}
	}
	return c
}

// likeness is how one kind of evidence compares.
type likeness uint8

const (
	silent likeness = iota
	agrees
	near
	contradicts
)

func (c *comparison) set(kind kinds, l likeness) {
	switch l {
	case agrees:
		c.agreed |= kind
	case near:
		c.near |= kind
	case contradicts:
		c.against |= kind
	}
}
