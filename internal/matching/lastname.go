package matching

import (
	"slices"
	"strings"
)

// lastName is one spelling of a last name that the person gave.
type lastName struct {
	text    string   // folded
	plain   string   // as plainLast makes it
	tokens  []string // of plain
	weighty []string // the significant ones among them
}

func appendLastName(names []lastName, text string) []lastName {
	if text == "" {
		return names
	}
	n := lastName{text: text, plain: string(appendPlainLast(nil, text))}
	n.tokens = strings.Split(n.plain, " ")
	for _, token := range n.tokens {
		if significant(token, n.plain) {
			n.weighty = append(n.weighty, token)
		}
	}
	return append(names, n)
}

// lastNamesAgree reports whether a last name that the person gave agrees with one on a record, folded, and as
// appendPlainLast writes it. It does when they are equal, wherever their spaces are (De Souza, DeSouza), or when all
// significant tokens of one appear in the other (Smith, Smith-Jones).
func lastNamesAgree(given *lastName, recorded, plain string) bool {
	return equalIgnoringSpaces(given.text, recorded) || equalIgnoringSpaces(given.plain, plain) ||
		allRecorded(given, plain) || allGiven(given, plain)
}

// allRecorded reports whether all significant tokens of the name given, at least one, are in the name recorded.
func allRecorded(given *lastName, recorded string) bool {
	for _, token := range given.weighty {
		if !hasToken(recorded, token) {
			return false
		}
	}
	return len(given.weighty) > 0
}

// allGiven reports whether all significant tokens of the name recorded, at least one, are in the name given.
func allGiven(given *lastName, recorded string) bool {
	some := false
	for rest, more := recorded, true; more; {
		var token string
		token, rest, more = strings.Cut(rest, " ")
		if !significant(token, recorded) {
			continue
		}
		if !slices.Contains(given.tokens, token) {
			return false
		}
		some = true
	}
	return some
}

func hasToken(name, token string) bool {
	for more := true; more; {
		var next string
		if next, name, more = strings.Cut(name, " "); next == token {
			return true
		}
	}
	return false
}

// appendPlainLast appends a folded last name with the words that have several forms in one of them: Mc and Mac, together
// with what follows (McDonald, Mac Donald); St and Saint likewise (St John is not John); Abdel and Abdur as Abdul; junior
// and senior; Kowalska and Ivanova as Kowalski and Ivanov.
func appendPlainLast(room []byte, text string) []byte {
	start, joined := len(room), false
	for more := true; more; {
		var token string
		token, text, more = strings.Cut(text, " ")
		if len(room) > start && !joined {
			room = append(room, ' ')
		}
		joined = false
		switch {
		case (token == "mc" || token == "mac") && more:
			room, joined = append(room, "mac"...), true
		case (token == "st" || token == "saint") && more:
			room, joined = append(room, "saint"...), true
		case strings.HasPrefix(token, "mc"):
			room = append(append(room, "mac"...), token[2:]...)
		case abduls[token[:min(len("abdul"), len(token))]]:
			room = append(append(room, "abdul"...), token[len("abdul"):]...)
		case generations[token] != "":
			room = append(room, generations[token]...)
		default:
			stem, ending := withoutFeminineEnding(token)
			room = append(append(room, stem...), ending...)
		}
	}
	return room
}

// withoutFeminineEnding returns a word of a folded last name without the ending of women's names in Polish, Russian and
// Bulgarian, and the ending of men's names in its place.
func withoutFeminineEnding(word string) (stem, ending string) {
	switch {
	case len(word) < 6:
	case strings.HasSuffix(word, "ska"), strings.HasSuffix(word, "cka"), strings.HasSuffix(word, "zka"):
		return word[:len(word)-1], "i"
	case strings.HasSuffix(word, "ova"), strings.HasSuffix(word, "eva"):
		return word[:len(word)-1], ""
	case strings.HasSuffix(word, "ова"), strings.HasSuffix(word, "ева"):
		return word[:len(word)-len("а")], ""
	}
	return word, ""
}

var (
	abduls      = setOf("abdel", "abdal", "abdul", "abdur")
	generations = map[string]string{"jnr": "jr", "junior": "jr", "snr": "sr", "senior": "sr"}
)

// significant reports whether a token of a last name says whose it is. Particles do not, unless they are the whole of
// the name and names of their own; nor do initials.
func significant(token, name string) bool {
	return !particles[token] && !isInitial(token) || token == name && wholeNames[token]
}

// beginsWithParticle reports whether a folded last name of several words begins with one that many share.
func beginsWithParticle(text string) bool {
	token, _, more := strings.Cut(text, " ")
	return more && (particles[token] || token == "mc" || token == "mac" || token == "st" || token == "saint")
}

// wholeNames are the particles that are last names of their own.
var wholeNames = setOf("li", "lo", "ash")

// particles are the words of last names that many families share, folded: articles, prepositions and words for
// son, daughter and father. Words that are last names in themselves (San, Ben, Abu) are here too where they
// serve as particles more often: left alone they match only themselves.
var particles = setOf(
	// Romance languages
	"de", "del", "della", "delle", "dello", "degli", "dei", "di", "da", "dal", "dalla", "das", "do", "dos", "du", "des",
	"la", "las", "le", "les", "li", "lo", "los", "el", "y", "e", "i",
	// Dutch, German, Scandinavian
	"van", "vande", "vanden", "vander", "von", "vom", "zu", "zum", "zur", "der", "den", "het", "ter", "ten", "te", "op", "af", "av", "til",
	// Arabic, Hebrew, Persian, Turkish
	"al", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "ud", "ur", "bin", "ibn", "bint", "binti", "bte", "abu", "abd", "abdul", "abdel",
	"abdal", "abdur", "umm", "bar", "ben", "bat", "zadeh",
	// Irish, Scottish, Welsh
	"nic", "ni", "ui", "ua", "ap", "ab", "ferch", "verch",
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
