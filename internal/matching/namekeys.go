package matching

import (
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// namesOf reads the names of a record as those that a person gives, but in the one order in which records have them.
func namesOf(r *teacher.Record) givenName {
	var n givenName
	add := func(first, middle, last string) {
		for _, spelling := range spellings(first) {
			n.firsts = appendFirstName(n.firsts, spelling, middle)
		}
		for _, spelling := range spellings(last) {
			n.lasts = appendLastName(n.lasts, foldLast(spelling))
		}
	}
	add(r.Name.First, r.Name.Middle, r.Name.Last)
	for _, previous := range r.PreviousNames {
		add(previous.First, "", previous.Last)
	}
	n.wholes = append(n.wholes, newWholeName(r.Name.First, r.Name.Middle, r.Name.Last))
	return n
}

// addNames adds the keys of names: a key for each way in which first names, last names and whole names agree.
func (k *Keys) addNames(n givenName) {
	k.addOrder(firstKeys(n.firsts), lastKeys(n.lasts))
	k.addOrder(firstKeys(n.lastsAsFirsts), lastKeys(n.firstsAsLasts))
	for i := range n.wholes {
		k.addWhole(&n.wholes[i])
	}
	k.First, k.Whole = eachOnce(k.First), eachOnce(k.Whole)
}

// addOrder adds the keys of first names, and of each with each last name.
func (k *Keys) addOrder(firsts, lasts []string) {
	k.First = append(k.First, firsts...)
	for _, first := range firsts {
		for _, last := range lasts {
			k.Whole = append(k.Whole, together([]string{first, last}))
		}
	}
}

// addWhole adds the keys of names that agree as a whole: with the same words otherwise divided, or the same single name.
func (k *Keys) addWhole(w *wholeName) {
	if sole := letters(w.sole); sole != "" {
		k.First, k.Whole = append(k.First, sole), append(k.Whole, sole)
	}
	if len(w.words) == 0 {
		return
	}
	keys := make([]string, len(w.words))
	for i, word := range w.words {
		keys[i] = letters(word)
	}
	all := together(keys)
	k.Whole = append(k.Whole, all)
	switch {
	case len(keys) > 2:
		k.First = append(k.First, all)
	case w.sole != "": // whoever gives two names gives each of these words as a first name, in one order or the other
		k.First = append(k.First, keys...)
	}
}

// firstKeys returns the keys of first names: those that agree share one.
func firstKeys(names []firstName) []string {
	var keys []string
	for i := range names {
		n := &names[i]
		keys = append(keys, letters(n.text))
		if n.full != n.text {
			keys = append(keys, letters(n.full))
		}
		_, rest, _ := strings.Cut(n.text, " ")
		if !isInitial(n.first) {
			keys = append(keys, letters(n.first))
		}
		if n.rest != "" || strings.Contains(rest, " ") { // it agrees without a first word that many leave out, or as two words
			keys = append(keys, letters(rest))
		}
	}
	return eachOnce(keys)
}

// lastKeys returns the keys of last names: those that agree share one.
func lastKeys(names []lastName) []string {
	var keys []string
	for i := range names {
		n := &names[i]
		keys = append(keys, letters(n.text))
		if n.plain != n.text {
			keys = append(keys, letters(n.plain))
		}
		for _, token := range n.tokens {
			if token != n.plain && (significant(token, n.plain) || wholeNames[token]) {
				keys = append(keys, letters(token))
			}
		}
	}
	return eachOnce(keys)
}

// together returns the key of names with several keys, whatever their order, each once.
func together(keys []string) string { return strings.Join(eachOnce(slices.Clone(keys)), " ") }

// letters returns the key of a folded name: its letters wherever its spaces are, in the one spelling that stands for all that
// agree, and of first names that are short forms or spellings of each other the one that stands for them.
func letters(name string) string {
	word := plainWord(strings.ReplaceAll(name, " ", ""))
	if class := formOf(word).class; class != "" {
		return class
	}
	return word
}

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
