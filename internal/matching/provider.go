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
		m.room = foldProvider(m.room[:0], &m.scratch, p.Name)
		if string(m.room) == m.provider.name {
			return true
		}
	}
	return false
}

// foldProvider appends to room the name of a provider as names are folded, punctuation as spaces, "&" as "and",
// without the tokens of legalNoise. *scratch is memory to fold in.
func foldProvider(room []byte, scratch *[]byte, name string) []byte {
	*scratch = appendFold((*scratch)[:0], name)
	folded, start := *scratch, len(room)
	add := func(token []byte) {
		if len(token) == 0 || legalNoise[string(token)] {
			return
		}
		if len(room) > start {
			room = append(room, ' ')
		}
		room = append(room, token...)
	}
	token := 0
	for at := 0; at < len(folded); {
		r, size := utf8.DecodeRune(folded[at:])
		if r == ' ' || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			add(folded[token:at])
			token = at + size
		}
		if r == '&' {
			add(ampersand)
		}
		at += size
	}
	add(folded[token:])
	return room
}

var ampersand = []byte("and")

// legalNoise are the words for the legal form of a company or charity, and "the".
var legalNoise = setOf("ltd", "limited", "plc", "llp", "lp", "llc", "cic", "cio", "inc", "incorporated", "corp", "corporation",
	"co", "company", "cyf", "cyfyngedig", "ccc", "cbc", "the")
