package matching

import "slices"

// lastNamesAgree tells whether a last name that the person gave agrees with one on a record, given folded. It does
// when they are equal, wherever their spaces are (De Souza, DeSouza), or when all significant tokens of one appear
// in the other (Smith, Smith-Jones).
func lastNamesAgree(given *spelling, recorded []byte) bool {
	if given.text == "" || len(recorded) == 0 {
		return false
	}
	return string(recorded) == given.text || equalIgnoringSpaces(given.text, recorded) ||
		allRecorded(given, recorded) || allGiven(given, recorded)
}

// allRecorded tells whether all significant tokens of the name given, at least one, are in the name recorded.
func allRecorded(given *spelling, recorded []byte) bool {
	for _, token := range given.weighty {
		if !hasToken(recorded, token) {
			return false
		}
	}
	return len(given.weighty) > 0
}

// allGiven tells whether all significant tokens of the name recorded, at least one, are in the name given.
func allGiven(given *spelling, recorded []byte) bool {
	some := false
	for len(recorded) > 0 {
		token := firstToken(recorded)
		recorded = recorded[min(len(token)+1, len(recorded)):]
		if !significant(string(token)) {
			continue
		}
		if !given.hasToken(token) {
			return false
		}
		some = true
	}
	return some
}

func hasToken(name []byte, token string) bool {
	for len(name) > 0 {
		next := firstToken(name)
		if string(next) == token {
			return true
		}
		name = name[min(len(next)+1, len(name)):]
	}
	return false
}

func (s *spelling) hasToken(token []byte) bool {
	for _, t := range s.tokens {
		if t == string(token) {
			return true
		}
	}
	return false
}

// LastNameParts are the significant parts of last names, folded, each once, in order: those by which any of the names
// may agree with a record's. A name without a significant part is a part as it is.
func LastNameParts(names ...string) []string {
	var parts []string
	for _, name := range names {
		spelling := newSpelling(name, "")
		if len(spelling.weighty) == 0 && spelling.text != "" {
			parts = append(parts, spelling.text)
		}
		parts = append(parts, spelling.weighty...)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// significant tells whether a token of a folded last name says whose it is. Particles do not, nor do initials.
func significant(token string) bool { return !particles[token] && !isInitial(token) }

// particles are the words of last names that many families share, folded: articles, prepositions and words for
// son, daughter and father. Words that are last names in themselves (Mac, San, Ben, Abu) are here too where they
// serve as particles more often: left alone they match only themselves.
var particles = setOf(
	// Romance languages
	"de", "del", "della", "delle", "dello", "degli", "dei", "di", "da", "dal", "dalla", "das", "do", "dos", "du", "des",
	"la", "las", "le", "les", "li", "lo", "los", "el", "y", "e", "i",
	// Dutch, German, Scandinavian
	"van", "vande", "vanden", "vander", "von", "vom", "zu", "zum", "zur", "der", "den", "het", "ter", "ten", "te", "op", "af", "av", "til",
	// Arabic, Hebrew, Persian, Turkish
	"al", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "ud", "ur", "bin", "ibn", "bint", "binti", "bte", "abu", "abd", "abdul", "umm", "bar", "ben", "bat", "zadeh",
	// Irish, Scottish, Welsh
	"mac", "mc", "nic", "ni", "ui", "ua", "ap", "ab", "ferch", "verch",
	// other scripts
	"де", "ван", "фон", "ибн", "بن", "ابن", "بنت", "ال", "ابو", "أبو", "בן", "בת", "ντε", "φον",
)

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}
