package matching

// A record is a candidate if a line of found holds and no line of never does. The evaluation (internal/local/matcheval)
// shows for each line what it finds and what it costs. Beside a line stand two cases of internal/local/matchcases, which
// a test checks: the first changes when the line is deleted, and the second must hold although the line is there.

// foundRule is a line of the table of what finds a record.
type foundRule struct {
	name       string
	count      int   // at least so many kinds agree
	agree      kinds // these all agree
	near       kinds // these are near, or agree
	oneEdit    bool  // the last names are one edit apart
	notAgainst kinds // none of these contradicts
	finds      string
	mustNot    string
}

var found = []foundRule{
	{name: "any three kinds", count: 3,
		finds: "provider by name", mustNot: "two kinds are not enough"},
	{name: "a slip in the NINO", agree: nameBit | dateOfBirthBit, near: ninoBit,
		finds: "one digit of the NINO wrong", mustNot: "two digits of the NINO wrong"},
	{name: "married, the old name not told", agree: dateOfBirthBit | ninoBit, near: nameBit,
		finds: "married without telling", mustNot: "another first name"},
	{name: "a slip in the date of birth", agree: nameBit | ninoBit, near: dateOfBirthBit,
		finds: "day and month swapped", mustNot: "date of birth a year and a day off"},
	{name: "a slip in the last name", agree: dateOfBirthBit | emailBit, near: nameBit, oneEdit: true, notAgainst: ninoBit,
		finds: "one letter of the last name wrong", mustNot: "two letters of the last name wrong"},
}

// neverRule is a line of the table of what forbids a record that would be found.
type neverRule struct {
	name     string
	against  kinds   // these all contradict,
	near     kinds   // and these all are near,
	sibling  bool    // and the name is what a brother or sister would give,
	unless   []kinds // unless all of one of these agree
	forbids  string
	mustFind string
}

var never = []neverRule{
	{name: "another's NINO", against: ninoBit, unless: []kinds{nameBit | dateOfBirthBit | emailBit, nameBit | dateOfBirthBit | trnBit},
		forbids:  "a twin with another NINO at one mailbox",
		mustFind: "another NINO does not outweigh name, date of birth and email"},
	{name: "a twin's NINO", against: nameBit, near: ninoBit,
		forbids:  "a twin with the next NINO at one mailbox",
		mustFind: "one digit of the NINO wrong"},
	{name: "a twin's name", against: nameBit, sibling: true, unless: []kinds{ninoBit, trnBit},
		forbids:  "a twin without a NINO at one mailbox",
		mustFind: "a middle name used alone does not outweigh date of birth, email and provider"},
	{name: "another's birthday", against: dateOfBirthBit, unless: []kinds{ninoBit, trnBit},
		forbids:  "a son of one name with another birthday",
		mustFind: "another date of birth does not outweigh name, NINO and email"},
}

// holds reports whether the rule finds a record that compares so.
func (r *foundRule) holds(c *comparison) bool {
	return c.agreed.count() >= r.count && c.agreed.has(r.agree) && (c.agreed | c.near).has(r.near) &&
		(!r.oneEdit || c.oneEdit || c.agreed.has(nameBit)) && c.against&r.notAgainst == 0
}

// holds reports whether the rule forbids a record that compares so.
func (r *neverRule) holds(c *comparison) bool {
	if !c.against.has(r.against) || !c.near.has(r.near) || r.sibling && !c.sibling {
		return false
	}
	for _, kinds := range r.unless {
		if c.agreed.has(kinds) {
			return false
		}
	}
	return true
}

// isCandidate reports whether a comparison makes its record a candidate.
func isCandidate(c *comparison) bool {
	for i := range never {
		if never[i].holds(c) {
			return false
		}
	}
	for i := range found {
		if found[i].holds(c) {
			return true
		}
	}
	return false
}
