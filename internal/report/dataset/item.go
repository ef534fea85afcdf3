package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The kinds of line that are no item.
var (
	errSyntax = errors.New("is not JSON")
	errNoItem = errors.New("holds no item")
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

// Problem says why an attribute of an item cannot be read, without any value of it.
type Problem struct{ Attribute, Why string }

// Item is one item of an export. Its methods return the zero value for an attribute that is absent, and note a Problem
// for one that cannot be read.
type Item struct {
	Attributes []Attribute
	Problems   []Problem

	file string
	line int
}

// Place names the data file and the line that the item stands in.
func (i *Item) Place() (file string, line int) { return i.file, i.line }

// Note records a problem with an attribute.
func (i *Item) Note(attribute, why string, parts ...any) {
	i.Problems = append(i.Problems, Problem{attribute, fmt.Sprintf(why, parts...)})
}

// find returns the value of an attribute if it has the type that is wanted.
func (i *Item) find(name, kind string) (Value, bool) {
	for _, a := range i.Attributes {
		if a.Name != name {
			continue
		}
		if a.Value.Type != kind {
			i.Note(name, "is of %s, not %s", a.Value.typeName(), kind)
			return Value{}, false
		}
		return a.Value, true
	}
	return Value{}, false
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

// Maps returns the maps of a list, each as an item of its own whose problems are this item's.
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

// decoder reads the lines of a data file into items, one after another. The texts of an item are parts of one string, the
// line's, so that a line is one allocation and not one for each text; but of a long line each is its own, so that a short
// text does not keep the whole line.
type decoder struct {
	json   jsontext.Decoder
	in     bytes.Buffer
	line   string
	item   Item
	tokens *decoder // of values that are more than a short text
}

// longLine is how long a line may be to be kept for the sake of its texts, in bytes: several times a lookup's.
const longLine = 4 << 10

// decode reads a line. The item is valid until the next call; its texts stay.
func (d *decoder) decode(line []byte) (*Item, error) {
	d.in.Reset()
	d.in.Write(line)
	if d.line = ""; len(line) <= longLine {
		d.line = string(line)
	}
	d.json.Reset(&d.in, jsontext.AllowDuplicateNames(true)) // checking for them costs a third, and DynamoDB writes none
	d.item.Attributes, d.item.Problems = d.item.Attributes[:0], nil
	found, err := d.members()
	if err == nil {
		if _, end := d.json.ReadToken(); end != io.EOF {
			err = errSyntax
		}
	}
	switch {
	case err != nil:
		return nil, errSyntax
	case !found:
		return nil, errNoItem
	}
	return &d.item, nil
}

// members reads the object that a line is, and reports whether it holds an item.
func (d *decoder) members() (found bool, err error) {
	if err := d.token('{'); err != nil {
		return false, err
	}
	for d.json.PeekKind() == '"' {
		name, err := d.text()
		if err == nil && name == "Item" && found {
			err = errSyntax
		}
		if err != nil {
			return false, err
		}
		if name != "Item" {
			err = d.json.SkipValue()
		} else {
			found = true
			d.item.Attributes, err = d.attributes(d.item.Attributes, d.whole)
		}
		if err != nil {
			return false, err
		}
	}
	return found, d.token('}')
}

// token reads a token of a kind that must be next.
func (d *decoder) token(kind jsontext.Kind) error {
	if token, err := d.json.ReadToken(); err != nil || token.Kind() != kind {
		return errSyntax
	}
	return nil
}

// text reads a JSON string. One without escapes is a part of the line.
func (d *decoder) text() (string, error) {
	quoted, err := d.json.ReadValue()
	if err != nil || quoted.Kind() != '"' {
		return "", errSyntax
	}
	if plain := quoted[1 : len(quoted)-1]; bytes.IndexByte(plain, '\\') < 0 {
		return d.part(plain, 1), nil
	}
	text, err := jsontext.AppendUnquote(nil, quoted)
	return string(text), err
}

// part returns as a string what stands so many bytes before the end of what was read last.
func (d *decoder) part(text []byte, before int) string {
	if d.line == "" {
		return string(text)
	}
	end := int(d.json.InputOffset()) - before
	return d.line[end-len(text) : end]
}

// whole reads {"<type>": …} at once, which costs less than to read its tokens. A value that is more than a text or a number
// without escapes is then read again, by its tokens.
func (d *decoder) whole() (Value, error) {
	raw, err := d.json.ReadValue()
	if err != nil {
		return Value{}, errSyntax
	}
	const begin, end = len(`{"S":"`), len(`"}`)
	if len(raw) >= begin+end {
		text, kind := raw[begin:len(raw)-end], ""
		switch string(raw[:begin]) {
		case `{"S":"`:
			kind = "S"
		case `{"N":"`:
			kind = "N"
		}
		if kind != "" && bytes.IndexByte(text, '"') < 0 && bytes.IndexByte(text, '\\') < 0 {
			return Value{Type: kind, Text: d.part(text, end)}, nil
		}
	}
	if d.tokens == nil {
		d.tokens = &decoder{}
	}
	d.tokens.in.Reset()
	d.tokens.in.Write(raw)
	d.tokens.json.Reset(&d.tokens.in, jsontext.AllowDuplicateNames(true))
	return d.tokens.value()
}

// attributes reads {"<name>": {"<type>": …}, …}, each value by a method.
func (d *decoder) attributes(to []Attribute, read func() (Value, error)) ([]Attribute, error) {
	if err := d.token('{'); err != nil {
		return to, err
	}
	for d.json.PeekKind() == '"' {
		name, err := d.text()
		if err != nil {
			return to, err
		}
		if unread(name) {
			err = d.json.SkipValue()
		} else {
			var value Value
			value, err = read()
			to = append(to, Attribute{name, value})
		}
		if err != nil {
			return to, err
		}
	}
	return to, d.token('}')
}

// unread tells whether an attribute is one of those that no report reads, of which no values are made.
func unread(name string) bool {
	switch name {
	case "evidence", "reference", "firstLookupId", "unlockEmailedAt", "requestEmailedAt", "ownerEmailedAt", "retries":
		return true
	}
	return false
}

// value reads {"<type>": …}.
func (d *decoder) value() (v Value, err error) {
	if d.json.PeekKind() != '{' {
		return v, d.json.SkipValue()
	}
	if err := d.token('{'); err != nil {
		return v, err
	}
	kind, err := d.text() // there is exactly one
	if err != nil {
		return v, err
	}
	if v, err = d.typed(kind); err != nil {
		return v, err
	}
	return v, d.token('}')
}

// typed reads what follows the name of a type. A value that is not of its type has none, as one of no known type.
func (d *decoder) typed(kind string) (v Value, err error) {
	switch next := d.json.PeekKind(); {
	case (kind == "S" || kind == "N" || kind == "B") && next == '"':
		v.Text, err = d.text()
	case kind == "BOOL" && (next == 't' || next == 'f'):
		v.Flag = next == 't'
		err = d.json.SkipValue()
	case kind == "L" && next == '[':
		v.List, err = d.list()
	case kind == "M" && next == '{':
		v.Entries, err = d.attributes(nil, d.value)
	case kind == "NULL" && next == 't', (kind == "SS" || kind == "NS" || kind == "BS") && next == '[':
		err = d.json.SkipValue()
	default:
		return v, d.json.SkipValue()
	}
	v.Type = kind
	return v, err
}

func (d *decoder) list() (list []Value, err error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	for kind := d.json.PeekKind(); kind != ']' && kind != 0; kind = d.json.PeekKind() {
		value, err := d.value()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err = d.json.ReadToken()
	return list, err
}
