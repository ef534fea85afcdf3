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

// compare compares the person with a record. It looks at providers and names, which cost most, only while the record can
// still become a candidate, and at providers first where the name alone cannot make it one; if it cannot, the sets may be
// short of those two.
func (m *matcher) compare(r *teacher.Record) comparison {
	c := m.compareNumbers(r)
	best := c
	best.agreed |= nameBit
	providerDecides := !isCandidate(&best)
	if best.agreed |= providerBit; providerDecides && (m.provider.isZero() || !isCandidate(&best)) {
		return c
	}
	if providerDecides && !m.providerAgrees(r) {
		return c
	}
	m.compareName(r, &c)
	if providerDecides {
		c.agreed |= providerBit
	} else if best = c; !m.provider.isZero() {
		if best.agreed |= providerBit; isCandidate(&best) && m.providerAgrees(r) {
			c.agreed |= providerBit
		}
	}
	if c.against.has(nameBit) && isCandidate(&c) {
		c.sibling = m.isSiblings(r)
	}
	return c
}

// compareWhole compares the person with a record in full, also if it cannot become a candidate.
func (m *matcher) compareWhole(r *teacher.Record) comparison {
	c := m.compareNumbers(r)
	m.compareName(r, &c)
	if m.providerAgrees(r) {
		c.agreed |= providerBit
	}
	c.sibling = c.against.has(nameBit) && m.isSiblings(r)
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
