package matching

import "strings"

// familyNames are the first words of first names that all brothers or all sisters of a family may bear, so that
// it is the second word that tells them apart, twins above all: Mohammed Ali and Mohammed Hassan, Mary Ann and
// Mary Jane, Abdul Karim and Abdul Rahman. They are folded, each in the spellings that are common in Britain.
var familyNames = setOf(
	"mohammed", "mohammad", "muhammad", "mohamed", "muhammed", "mohamad", "mohammod", "mohd", "muhd", "md",
	"ahmed", "ahmad", "syed", "sayed", "sayyid", "sheikh", "shaikh", "abdul", "abdel", "abd", "abu", "umm", "ghulam",
	"noor", "nur", "bibi", "umme", "siti", "sri", "shri", "mary", "maria", "marie", "jean", "anne", "ann", "anna",
	"محمد", "عبد", "احمد",
)

// goOnOtherwise tells whether two folded first names, with their middle names, both have a second word and have
// nothing in common after the first, not even an initial.
func goOnOtherwise(given string, recorded []byte) bool {
	_, rest, more := strings.Cut(given, " ")
	others := recorded[min(len(firstToken(recorded))+1, len(recorded)):]
	if !more || len(others) == 0 {
		return false
	}
	for word := range strings.SplitSeq(rest, " ") {
		for left := others; len(left) > 0; {
			other := firstToken(left)
			left = left[min(len(other)+1, len(left)):]
			if word == string(other) || isInitial(word) && strings.HasPrefix(string(other), word) ||
				isInitial(string(other)) && strings.HasPrefix(word, string(other)) {
				return false
			}
		}
	}
	return true
}
