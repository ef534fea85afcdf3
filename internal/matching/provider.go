package matching

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"losttrn/internal/teacher"
)

// providerKey is the training provider that the person gave, made ready for comparison.
type providerKey struct {
	ukprn string
	name  string // as foldProvider gives it
}

func newProviderKey(p teacher.Provider) providerKey {
	key := providerKey{ukprn: strings.TrimSpace(p.UKPRN), name: string(foldProvider(nil, nil, p.Name))}
	if name := strings.TrimSpace(p.Name); key.ukprn == "" && teacher.IsUKPRN(name) {
		return providerKey{ukprn: name}
	}
	return key
}

func (k providerKey) isZero() bool { return k.ukprn == "" && k.name == "" }

// providerAgrees tells whether the provider given is one of the record's: the same UKPRN, or the same name once
// both are folded and rid of the words that say no more than what kind of company it is.
func (m *matcher) providerAgrees(r *teacher.Record) bool {
	if m.provider.isZero() {
		return false
	}
	for i := range r.Providers {
		p := &r.Providers[i]
		if m.provider.ukprn != "" && m.provider.ukprn == p.UKPRN {
			return true
		}
		if m.provider.name == "" || p.Name == "" {
			continue
		}
		m.firstRoom = foldProvider(m.firstRoom[:0], &m.lastRoom, p.Name)
		if string(m.firstRoom) == m.provider.name {
			return true
		}
	}
	return false
}

// foldProvider appends to room the name of a provider as names are folded, punctuation as spaces, "&" as "and",
// without the tokens of legalNoise. *scratch is memory to fold in; nil for none.
func foldProvider(room []byte, scratch *[]byte, name string) []byte {
	var folded []byte
	if scratch != nil {
		folded = (*scratch)[:0]
	}
	folded = appendFold(folded, name)
	if scratch != nil {
		*scratch = folded
	}
	start := len(room)
	for _, token := range bytes.FieldsFunc(folded, isProviderGap) {
		if legalNoise[string(token)] {
			continue
		}
		if len(room) > start {
			room = append(room, ' ')
		}
		if len(token) == 1 && token[0] == '&' {
			room = append(room, "and"...)
			continue
		}
		room = append(room, token...)
	}
	return room
}

// isProviderGap tells whether a rune separates words in the name of a provider. "&" is a word.
func isProviderGap(r rune) bool {
	return r == ' ' || r != '&' && r != utf8.RuneError && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

// legalNoise are the words for the legal form of a company or charity, and "the".
var legalNoise = setOf("ltd", "limited", "plc", "llp", "lp", "llc", "cic", "cio", "inc", "incorporated", "corp", "corporation",
	"co", "company", "cyf", "cyfyngedig", "ccc", "cbc", "the")
