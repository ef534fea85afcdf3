package matching

import (
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
	if name := strings.TrimSpace(p.Name); p.UKPRN == "" && teacher.IsUKPRN(name) {
		return providerKey{ukprn: name}
	}
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
		if m.provider.name == "" || p.Name == "" {
			continue
		}
		m.room = foldProvider(m.room[:0], &m.scratch, p.Name)
		if string(m.room) == m.provider.name {
			return true
		}
	}
	return false
}

// foldProvider appends to room the name of a provider as names are folded, punctuation as spaces, "&" as "and",
// without the words that isLegalNoise. *scratch is memory to fold in.
func foldProvider(room []byte, scratch *[]byte, name string) []byte {
	*scratch = appendFold((*scratch)[:0], name)
	folded, start, word := *scratch, len(room), 0
	for at := 0; at < len(folded); {
		size, ends := 1, false
		switch c := folded[at]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c < utf8.RuneSelf:
			ends = true
		default:
			var r rune
			r, size = utf8.DecodeRune(folded[at:])
			ends = unicode.IsPunct(r) || unicode.IsSymbol(r)
		}
		if ends {
			room = appendProviderWord(room, start, folded[word:at])
			word = at + size
			if folded[at] == '&' {
				room = appendProviderWord(room, start, ampersand)
			}
		}
		at += size
	}
	return appendProviderWord(room, start, folded[word:])
}

// appendProviderWord appends a word to the name that begins at start, unless it is none or legal noise.
func appendProviderWord(room []byte, start int, word []byte) []byte {
	if len(word) == 0 || isLegalNoise(word) {
		return room
	}
	if len(room) > start {
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
