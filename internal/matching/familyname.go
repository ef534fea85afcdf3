package matching

import "strings"

// familyNames are the first words of first names that all brothers or all sisters of a family may bear, so that
// it is the second word that tells them apart, twins above all: Mohammed Ali and Mohammed Hassan, Mary Ann and
// Mary Jane, Abdul Karim and Abdul Rahman, Mei Ling and Mei Fong. They are folded, each in the spellings that are
// common in Britain.
var familyNames = setOf(
	// Muslim names, and words that are half a name
	"mohammed", "mohammad", "muhammad", "mohamed", "muhammed", "mohamad", "mohammod", "mohd", "muhd", "md", "mo",
	"ahmed", "ahmad", "syed", "sayed", "sayyid", "sheikh", "shaikh", "abdul", "abdel", "abdal", "abdur", "abd", "abu", "umm", "umme",
	"ghulam", "noor", "nur", "bibi", "siti", "محمد", "عبد", "احمد",
	// Christian names given to all daughters or all sons, and first halves of double names
	"mary", "maria", "marie", "anna", "ana", "ann", "anne", "jean", "jose", "juan", "joao", "luis", "hans", "karl", "carl",
	// honorifics and gods' names that begin names in India
	"sri", "shri", "sai", "venkata", "naga",
	// generation names and other first syllables of Chinese, Korean and Vietnamese names
	"xiao", "jia", "zi", "yu", "wen", "jing", "hai", "guo", "jian", "wei", "mei", "li", "ming", "ka", "wing", "siu", "yuk", "wai",
	"chi", "hoi", "tsz", "kwok", "sau", "suk", "shuk", "lai", "pui", "ji", "min", "seo", "hye", "hyun", "sung", "young", "eun",
	"soo", "jae", "dong", "kyung", "thi", "van", "ngoc", "minh", "thanh", "duc", "hoang", "quoc", "xuan", "kim",
)

// differAfterFirst reports whether two folded first names, with their middle names, both have a second word and have
// nothing in common after the first, not even an initial.
func differAfterFirst(given, recorded string) bool {
	_, rest, _ := strings.Cut(given, " ") // "" counts as an initial of any word
	_, others, _ := strings.Cut(recorded, " ")
	for word := range strings.SplitSeq(rest, " ") {
		for other := range strings.SplitSeq(others, " ") {
			if word == other || isInitial(word) && strings.HasPrefix(other, word) || isInitial(other) && strings.HasPrefix(word, other) {
				return false
			}
		}
	}
	return true
}
