package matching

// firstNamesAgree tells whether a first name that the person gave agrees with one on a record, given folded,
// without and with the record's middle name. It does when
//   - their first tokens are the same (Sarah, Sarah Jane), or
//   - the first token of one is short for that of the other (Bob, Robert), or
//   - they are equal, with or without the middle name on either side, wherever their spaces are (Sara Jane,
//     Sarajane).
//
// A first token that whole families share (Mohammed, Mary) does not count when both names go on otherwise; see
// familyNames. An initial is not agreement, not even with the same initial: it says too little.
func firstNamesAgree(given *spelling, recorded, recordedFull []byte) bool {
	if given.text == "" || len(recorded) == 0 {
		return false
	}
	token := firstToken(recorded)
	if firstTokensAgree(given, token) {
		if !familyNames[given.first] && !familyNames[string(token)] || !goOnOtherwise(given.full, recordedFull) {
			return true
		}
	}
	return sameLetters(given.text, recorded) || sameLetters(given.full, recorded) ||
		sameLetters(given.text, recordedFull) || sameLetters(given.full, recordedFull)
}

func firstTokensAgree(given *spelling, token []byte) bool {
	if string(token) == given.first {
		return !isInitial(given.first)
	}
	for _, form := range given.related {
		if string(token) == form {
			return true
		}
	}
	return false
}

// sameLetters tells whether two folded names are equal wherever their spaces are, and are more than initials.
func sameLetters(given string, recorded []byte) bool {
	return equalIgnoringSpaces(given, recorded) && !onlyInitials(given) && !onlyInitials(string(recorded))
}
