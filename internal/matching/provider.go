package matching

import (
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
	var scratch []byte
	return providerKey{ukprn: p.UKPRN, name: string(foldProvider(nil, &scratch, p.Name))}
}

func (k providerKey) isZero() bool { return k.ukprn == "" && k.name == "" }

// providerAgrees reports whether the provider given is one of the record's: the same UKPRN, or the same name once
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
		m.room = foldProvider(m.room[:0], &m.scratch, p.Name)
		if m.provider.name != "" && m.provider.name == string(m.room) {
			return true
		}
	}
	return false
}

// foldProvider appends to room, which is empty, the name of a provider as names are folded, punctuation as spaces, "&" as
// "and", without the words that isLegalNoise. *scratch is memory to fold in.
func foldProvider(room []byte, scratch *[]byte, name string) []byte {
	*scratch = appendFold((*scratch)[:0], name)
	folded, word := *scratch, 0
	for at := 0; at < len(folded); {
		r, size := utf8.DecodeRune(folded[at:])
		if r == ' ' || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			room = appendProviderWord(room, folded[word:at])
			word = at + size
		}
		if r == '&' {
			room = appendProviderWord(room, ampersand)
		}
		at += size
	}
	return appendProviderWord(room, folded[word:])
}

// appendProviderWord appends a word to a name, unless it is none or legal noise.
func appendProviderWord(room []byte, word []byte) []byte {
	if len(word) == 0 || isLegalNoise(word) {
		return room
	}
	if len(room) > 0 {
		room = append(room, ' ')
	}
	return append(room, word...)
}

var ampersand = []byte("and")

// isLegalNoise reports whether a word is for the legal form of a company or charity, or "the".
func isLegalNoise(word []byte) bool {
	switch string(word) {
	case "ltd", "limited", "plc", "llp", "lp", "llc", "cic", "cio", "inc", "incorporated", "corp", "corporation",
		"co", "company", "cyf", "cyfyngedig", "ccc", "cbc", "the":
		return true
	}
	return false
}
