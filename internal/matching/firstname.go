package matching

import "strings"

// firstName is one spelling of a first name that the person gave.
type firstName struct {
	text    string   // folded
	full    string   // with the middle name; the same as text when there is none
	first   string   // first token
	related []string // full names that the first token is short for, short forms that stand for it, other spellings
	rest    string   // what follows a first token that is often left out
}

func appendFirstName(names []firstName, name, middle string) []firstName {
	text := foldFirst(name)
	if text == "" {
		return names
	}
	n := firstName{text: text, full: new(folder).full(text, Fold(middle)), first: firstToken(text)}
	n.related = relatedForms(n.first)
	n.rest = afterHonorific(text)
	return append(names, n)
}

// firstNamesAgree reports whether a first name that the person gave agrees with one on a record, given folded,
// without and with the record's middle name. It does when
//   - their first tokens are the same (Sarah, Sarah Jane), or
//   - the first token of one is short for that of the other, or another spelling of it (Bob, Robert; Sara, Sarah), or
//   - they are equal, with or without the middle name on either side, wherever their spaces are (Sara Jane,
//     Sarajane), or but for a first word that many leave out (Mohammed Ali, Ali), or
//   - one is two words or more, and the other the same after a further word (Siu Ming, Peter Siu Ming).
//
// A first token that whole families share (Mohammed, Mary) does not count when both names differ after it; see
// familyNames. An initial is not agreement, not even with the same initial: it says too little.
func firstNamesAgree(given *firstName, recorded, recordedFull string) bool {
	token := firstToken(recorded)
	if firstTokensAgree(given, token) {
		if !familyNames[given.first] && !familyNames[token] || !differAfterFirst(given.full, recordedFull) {
			return true
		}
	}
	return sameLetters(given.text, recorded) || sameLetters(given.full, recorded) ||
		sameLetters(given.text, recordedFull) || sameLetters(given.full, recordedFull) ||
		sameLetters(given.rest, recorded) || sameLetters(given.text, afterHonorific(recorded)) ||
		isAfterAnother(given.text, recorded) || isAfterAnother(recorded, given.text)
}

// isAfterAnother reports whether a folded first name of two words or more is all of another but for its first word.
func isAfterAnother(name, longer string) bool {
	_, rest, more := strings.Cut(longer, " ")
	return more && name == rest && strings.Contains(name, " ") && !onlyInitials(name)
}

func firstTokensAgree(given *firstName, token string) bool {
	if token == given.first {
		return !isInitial(token)
	}
	for _, form := range given.related {
		if token == form {
			return true
		}
	}
	return false
}

// sameLetters reports whether two folded names are equal wherever their spaces are, and are more than initials.
func sameLetters(given, recorded string) bool {
	return given != "" && equalIgnoringSpaces(given, recorded) && !onlyInitials(given) && !onlyInitials(recorded)
}

// afterHonorific returns what follows the first word of a folded first name if that is one that many leave out, "" if it is
// not.
func afterHonorific(text string) string {
	token, rest, _ := strings.Cut(text, " ")
	if !honorifics[token] {
		return ""
	}
	return rest
}

// honorifics are first words of first names that are written or not as the bearer likes.
var honorifics = setOf("mohammed", "mohammad", "muhammad", "mohamed", "muhammed", "mohamad", "mohammod", "mohd", "muhd", "md",
	"syed", "sayed", "sayyid", "thi", "van", "محمد")
