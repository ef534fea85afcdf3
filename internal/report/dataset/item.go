package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Value is the value of an attribute with its DynamoDB type.
type Value struct {
	Type    string // S, N, BOOL, L, M, SS …; "" for one that is not DynamoDB's
	Text    string // of S, N and B
	Flag    bool   // of BOOL
	List    []Value
	Entries []Attribute // of M, in the order of the line
}

// Attribute is a named value.
type Attribute struct {
	Name  string
	Value Value
}

// Problem is the reason why an attribute of an item cannot be read. It contains no value.
type Problem struct{ Attribute, Why string }

// Item is one item of an export. Its methods return the zero value for an attribute that is absent, and note a Problem
// for one that cannot be read.
type Item struct {
	Attributes []Attribute
	Problems   []Problem

	file string
	line int
}

// Place returns the data file and line of the item.
func (i *Item) Place() (file string, line int) { return i.file, i.line }

// Note records a problem with an attribute.
func (i *Item) Note(attribute, why string, parts ...any) {
	i.Problems = append(i.Problems, Problem{attribute, fmt.Sprintf(why, parts...)})
}

// find returns the value of an attribute if it has the type that is wanted.
func (i *Item) find(name, kind string) (*Value, bool) {
	for n := range i.Attributes {
		a := &i.Attributes[n]
		if a.Name != name {
			continue
		}
		if a.Value.Type != kind {
			i.Note(name, "is of %s, not %s", a.Value.typeName(), kind)
			return &Value{}, false
		}
		return &a.Value, true
	}
	return &Value{}, false
}

func (v Value) typeName() string {
	if v.Type == "" {
		return "no type of DynamoDB's"
	}
	return "type " + v.Type
}

// Text returns a string.
func (i *Item) Text(name string) string {
	v, _ := i.find(name, "S")
	return v.Text
}

// Required returns a string that every item has.
func (i *Item) Required(name string) string {
	v, ok := i.find(name, "S")
	if ok && v.Text == "" {
		i.Note(name, "is blank")
	} else if !ok && !i.has(name) {
		i.Note(name, "is missing")
	}
	return v.Text
}

func (i *Item) has(name string) bool {
	return slices.ContainsFunc(i.Attributes, func(a Attribute) bool { return a.Name == name })
}

// Flag returns a boolean.
func (i *Item) Flag(name string) bool {
	v, _ := i.find(name, "BOOL")
	return v.Flag
}

// Texts returns a list of strings.
func (i *Item) Texts(name string) []string {
	v, _ := i.find(name, "L")
	var texts []string
	for _, entry := range v.List {
		if entry.Type != "S" {
			i.Note(name, "has an entry of %s, not S", entry.typeName())
			return nil
		}
		texts = append(texts, entry.Text)
	}
	return texts
}

// Map returns the entries of a map.
func (i *Item) Map(name string) []Attribute {
	v, _ := i.find(name, "M")
	return v.Entries
}

// Maps returns the maps of a list, each as an item whose problems are noted in this item.
func (i *Item) Maps(name string) []*Item {
	v, _ := i.find(name, "L")
	var maps []*Item
	for _, entry := range v.List {
		if entry.Type != "M" {
			i.Note(name, "has an entry of %s, not M", entry.typeName())
			return nil
		}
		maps = append(maps, &Item{Attributes: entry.Entries})
	}
	return maps
}

// Seconds returns a time to live: whole seconds since 1970, 0 for none.
func (i *Item) Seconds(name string) int64 {
	v, ok := i.find(name, "N")
	if !ok {
		return 0
	}
	seconds, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil {
		i.Note(name, "is not whole seconds")
	}
	return seconds
}

// Time returns a time, zero if the attribute is absent or blank.
func (i *Item) Time(name string) time.Time {
	v, _ := i.find(name, "S")
	return i.time(name, v.Text)
}

func (i *Item) time(name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		i.Note(name, "is not a time")
	}
	return t
}

// Times returns the times of a map's entries.
func (i *Item) Times(name string) map[string]time.Time {
	entries := i.Map(name)
	times := make(map[string]time.Time, len(entries))
	for _, entry := range entries {
		if entry.Value.Type != "S" || entry.Value.Text == "" {
			i.Note(name, "has an entry that is not a time")
			return nil
		}
		times[entry.Name] = i.time(name, entry.Value.Text)
	}
	return times
}
