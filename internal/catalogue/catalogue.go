// Package catalogue holds every text that a person reads on a page or in an API answer about a field: one JSON
// file for each language, keyed the same. English is complete; a text that another language lacks is shown in
// English.
package catalogue

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// Language is one language's texts.
type Language struct {
	// Tag is the BCP 47 tag, for the lang attribute.
	Tag   string
	texts func() map[string]string
}

// English is complete: a key that it lacks is a mistake in the program.
var English = load("en")

// Languages are those that a person can choose from, English first. A language is added by its file, <tag>.json, and
// its line here.
var Languages = []*Language{English}

// load returns a language whose file is read when its first text is needed, which keeps the cold start short. A test
// reads every file, so none can be broken.
func load(tag string) *Language {
	return &Language{Tag: tag, texts: sync.OnceValue(func() map[string]string {
		raw, err := files.ReadFile(tag + ".json")
		if err != nil {
			panic(fmt.Sprintf("catalogue %s: %v", tag, err))
		}
		texts, err := parse(tag, raw)
		if err != nil {
			panic(err.Error())
		}
		return texts
	})}
}

// Parse reads a language from JSON: one object of keys and texts.
func Parse(tag string, raw []byte) (*Language, error) {
	texts, err := parse(tag, raw)
	if err != nil {
		return nil, err
	}
	return &Language{Tag: tag, texts: func() map[string]string { return texts }}, nil
}

func parse(tag string, raw []byte) (texts map[string]string, err error) {
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", tag, err)
	}
	return texts, nil
}

// Text returns the text of a key. The pairs replace {name} by value in it: Text("limit", "max", "100").
func (l *Language) Text(key string, pairs ...string) string {
	text, ok := l.texts()[key]
	if !ok {
		text, ok = English.texts()[key]
	}
	if !ok {
		return key
	}
	var places []string
	for i := 0; i+1 < len(pairs); i += 2 {
		places = append(places, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(places...).Replace(text) // in one pass, so that a placeholder in a value is not replaced
}

// Keys returns the keys of the language itself, in alphabetical order.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.texts())) }

// Has reports whether the language itself has a key.
func (l *Language) Has(key string) bool {
	_, ok := l.texts()[key]
	return ok
}
