package matching

import (
	"cmp"
	"slices"

	"losttrn/internal/teacher"
)

// Keys are texts under which evidence of one kind is filed, such that evidence that agrees shares a key: if a person
// agrees with a record on a kind, PersonKeys and RecordKeys have a key of it in common. Keys are coarser than the
// comparisons, which a test checks. They are in plain text.
type Keys struct {
	// First are shared where a first name agrees, or the whole name.
	First []string
	// Whole are shared where the whole name agrees: most are a first and a last name, in either order.
	Whole []string

	others [len(table)][]string // of the kinds that have no names, in the order of the table
}

// PersonKeys returns the keys of what a person gave. Of a kind that can never be evidence there are none.
func PersonKeys(p Person) Keys {
	var k Keys
	for i := range table {
		if given := table[i].given; given != nil {
			k.others[i] = given(&p)
		}
	}
	k.addNames(newGivenName(p))
	return k
}

// RecordKeys returns the keys of a record: every person that agrees with it on a kind has one of them.
func RecordKeys(r *teacher.Record) Keys {
	var k Keys
	for i := range table {
		if recorded := table[i].recorded; recorded != nil {
			k.others[i] = recorded(r)
		}
	}
	k.addNames(namesOf(r))
	return k
}

// Of returns the keys of a kind of evidence; of the name those that are shared where no more than the first name agrees.
func (k *Keys) Of(e Evidence) []string {
	if e == Name {
		return k.First
	}
	return k.others[slices.Index(AllEvidence[:], e)]
}

// Kinds returns the kinds of evidence that there are keys of.
func (k *Keys) Kinds() []Evidence {
	var kinds []Evidence
	for _, e := range AllEvidence {
		if len(k.Of(e)) > 0 {
			kinds = append(kinds, e)
		}
	}
	return kinds
}

// eachOnce returns texts in order, each once.
func eachOnce(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}

func keyOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func dateKeys(d teacher.Date) []string {
	if d.IsZero() {
		return nil
	}
	return []string{d.ISO()}
}

func trnKeys(trns ...teacher.TRN) []string {
	var keys []string
	for _, trn := range trns {
		if !trn.IsZero() && !trn.MadeUp() {
			keys = append(keys, trn.Digits())
		}
	}
	return keys
}

// providerKeys returns the names of providers, or the number of one without a name. A person who gives a number has the
// name that the list of providers has for it, which lookups add. So all people who agree with a provider share a key,
// also if the record has no name of it.
func providerKeys(providers ...teacher.Provider) []string {
	var keys []string
	for _, p := range providers {
		key := newProviderKey(p)
		if text := cmp.Or(key.name, key.ukprn); text != "" && !slices.Contains(keys, text) {
			keys = append(keys, text)
		}
	}
	return keys
}
