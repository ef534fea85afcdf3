package matching

import (
	"cmp"
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// Keys are texts under which evidence of one kind is filed, such that evidence that agrees shares a key: if a person
// agrees with a record on a kind, PersonKeys and RecordKeys have a key of it in common. Keys are coarser than the
// comparisons, which a test checks. They are in plain text.
type Keys struct {
	// First are the words of names: shared too where no more than the first name agrees.
	First []string
	// Whole are the pairs of a word of a first and one of a last name, in either order: shared where the whole name agrees.
	Whole []string

	firsts, middles, lasts []string             // words
	others                 [len(table)][]string // of the kinds that have no names, in the order of the table
}

// PersonKeys returns the keys of what a person gave. Of a kind that can never be evidence there are none.
func PersonKeys(p Person) Keys {
	var k Keys
	for i := range table {
		if given := table[i].given; given != nil {
			k.others[i] = given(&p)
		}
	}
	k.addName(p.First, p.Middle, p.Last)
	k.addName(p.PreviousFirst, "", p.PreviousLast)
	// In the other order a last name is a first name, and the names of both orders go with each other.
	k.First = compactClasses(k.firsts, k.middles, k.lasts)
	k.pairNames()
	k.addSole(p.First, p.Middle, p.Last)
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
	k.addName(r.Name.First, r.Name.Middle, r.Name.Last)
	for _, n := range r.PreviousNames {
		k.addName(n.First, "", n.Last)
	}
	if !onlyInitials(untitled(r.Name.First)) { // J Ali agrees with Ali, Jane Ali with Janeali at most
		k.middles = slices.DeleteFunc(k.middles, func(word string) bool { return word != joined(r.Name.First+" "+r.Name.Middle) })
	}
	k.First = compactClasses(k.firsts, k.middles)
	k.pairNames()
	k.addSole(r.Name.First, r.Name.Middle, r.Name.Last)
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

func (k *Keys) addName(first, middle, last string) {
	k.firsts = append(k.firsts, nameWords(first)...)
	if more := nameWords(middle); len(more) > 0 {
		k.middles = append(append(k.middles, more...), joined(first+" "+middle))
	}
	k.lasts = append(k.lasts, withoutParticles(nameWords(last))...)
}

// pairNames makes the pairs of Whole.
func (k *Keys) pairNames() {
	firsts, lasts := compactClasses(k.firsts, k.middles), compactClasses(k.lasts)
	for _, first := range firsts {
		for _, last := range lasts {
			pair := min(first, last) + " " + max(first, last)
			if first == last {
				pair = first
			}
			k.Whole = append(k.Whole, pair)
		}
	}
	k.Whole = eachOnce(k.Whole)
}

// addSole files a person with one name by it, whatever other names they had before.
func (k *Keys) addSole(first, middle, last string) {
	if sole := soleName(foldFirst(first), foldLast(last)); sole != "" {
		words := compactClasses(nameWords(sole + " " + middle))
		k.First, k.Whole = append(k.First, words...), append(k.Whole, words...)
		for i, word := range words { // they may stand for two names in one
			for _, other := range words[i+1:] {
				k.Whole = append(k.Whole, word+" "+other)
			}
		}
		k.First, k.Whole = eachOnce(k.First), eachOnce(k.Whole)
	}
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

// compactClasses returns the classes of words, each once, in order.
func compactClasses(words ...[]string) []string {
	var all []string
	for _, list := range words {
		for _, word := range list {
			all = append(all, class(word))
		}
	}
	return eachOnce(all)
}

// nameWords returns the words of a name, folded, in the one spelling that stands for all that agree, and if it has several
// all of them as one. Initials beside a word, and what stands for no name, are left out.
func nameWords(name string) []string {
	var words []string
	if name = untitled(name); standsForNone(name) {
		return nil
	}
	for word := range strings.SplitSeq(name, " ") {
		if word != "" && !isInitial(word) {
			words = append(words, plainWord(word))
		}
	}
	if all := joined(name); len(words) != 1 && all != "" {
		words = append(words, all)
	}
	return words
}

// joined returns a name as one word.
func joined(name string) string {
	return plainWord(strings.ReplaceAll(untitled(name), " ", ""))
}

// untitled returns a name, folded, without titles before it, unless nothing else is left.
func untitled(name string) string { return withoutTitles(Fold(name)) }

// plainWord writes letters one way that names are written in several: ü and ue, å and aa; Mac and Mc; Saint and St; the
// forms of Abdul; without the O of O'Neill, and the family's name for men.
func plainWord(word string) string {
	stem, ending := withoutFeminineEnding(writtenShort.Replace(word))
	word = stem + ending
	for _, form := range wordForms {
		if rest, found := strings.CutPrefix(word, form.from); found && form.from != form.to {
			return form.to + rest
		}
	}
	if len(word) > 3 && word[0] == 'o' {
		return word[1:]
	}
	return word
}

var writtenShort = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")

var wordForms = []struct{ from, to string }{{"mac", "mc"}, {"saint", "st"}, {"abdel", "abdul"}, {"abdal", "abdul"}, {"abdur", "abdul"}}

// withoutParticles returns the words of a last name that say whose it is, or all of them if none does.
func withoutParticles(words []string) []string {
	kept := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == "mc" || particles[word] && !wholeNames[word] })
	if len(kept) == 0 {
		return words
	}
	return kept
}

// class returns the word that stands for all first names that are short forms or spellings of a word; any other word stands for
// itself.
func class(word string) string {
	if known := formOf(word).class; known != "" {
		return known
	}
	return word
}
