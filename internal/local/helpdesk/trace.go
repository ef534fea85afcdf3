package helpdesk

import (
	"regexp"
	"slices"
	"strings"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

var (
	addressLike = regexp.MustCompile("[^\\s<>\"',;:()\\[\\]{}\\\\|]+@[^\\s<>\"',;:()\\[\\]{}\\\\|]+")
	numberLike  = regexp.MustCompile(`[0-9]+`)
	idLike      = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// Trace identifies a person in messages and files.
type Trace struct {
	Mailbox   string          // the key of the mailbox, "" when a TRN is erased
	TRN       string          // "" when a mailbox is erased
	Reference string          // of lookups of which only that is known, "" otherwise
	LookupIDs map[string]bool // of lookups that are erased
}

// traceOf returns the trace of a subject and the lookups that are held about it.
func traceOf(s Subject, held Held) Trace {
	t := Trace{TRN: s.TRN.Digits(), Reference: s.Reference, LookupIDs: map[string]bool{}}
	if !s.Email.IsZero() {
		t.Mailbox = s.Email.Key().Text()
	}
	if s.LookupID != "" {
		t.LookupIDs[s.LookupID] = true
	}
	for _, item := range held.Lookups {
		t.LookupIDs[attribute.Text(item, "lookupId")] = true
	}
	for id := range held.Requests {
		t.LookupIDs[id] = true
	}
	return t
}

// Mentioned reports whether a text contains part of a trace: an address of the mailbox in any spelling, the TRN, or the
// id of a lookup, which its reference is made from.
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
	if t.Reference != "" && slices.ContainsFunc(idLike.FindAllString(text, -1), func(id string) bool { return lookup.Reference(id) == t.Reference }) {
		return true
	}
	for id := range t.LookupIDs {
		if strings.Contains(text, id) {
			return true
		}
	}
	return false
}

// name returns the name of a queue, the end of its URL.
func name(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
