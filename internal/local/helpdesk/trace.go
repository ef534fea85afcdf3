package helpdesk

import (
	"regexp"
	"strings"

	"losttrn/internal/teacher"
)

var (
	addressLike = regexp.MustCompile("[^\\s<>\"',;:()\\[\\]{}\\\\|]+@[^\\s<>\"',;:()\\[\\]{}\\\\|]+")
	numberLike  = regexp.MustCompile(`[0-9]+`)
)

// Mentioned tells whether a text mentions what a trace stands for: an address of the mailbox in any spelling, the TRN,
// or the id of a lookup.
func (t Trace) Mentioned(text string) bool {
	if t.Mailbox != "" {
		for _, found := range addressLike.FindAllString(text, -1) {
			// The full stop at an end may be the sentence's or the address's.
			for _, address := range []string{found, strings.TrimRight(found, "."), strings.Trim(found, ".")} {
				if email, err := teacher.ParseEmail(address); err == nil && email.Key().Text() == t.Mailbox {
					return true
				}
			}
		}
	}
	if t.TRN != "" {
		for _, found := range numberLike.FindAllString(text, -1) {
			if found == t.TRN {
				return true
			}
		}
	}
	for id := range t.LookupIDs {
		if strings.Contains(text, id) {
			return true
		}
	}
	return false
}

// name is the name of a queue, the end of its URL.
func name(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
