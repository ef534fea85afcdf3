package dataset

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// The errors of a line that holds no item.
var (
	errSyntax = errors.New("is not JSON")
	errNoItem = errors.New("holds no item")
)

// anyNames allows repeated names in an object. DynamoDB writes none, and looking for them takes a third of the time.
var anyNames = jsontext.AllowDuplicateNames(true)

// decoder reads the lines of a data file into items, one after another. The library checks in one call whether a line
// is JSON; a valid line is then split by this code, because reading it from the library token by token takes a third
// longer (BenchmarkDecode).
//
// The texts of an item are parts of one string, the line's, so that a line is one allocation and not one for each text; but
// of a long line each is its own, so that a short text does not keep the whole line.
type decoder struct {
	line []byte
	text string // the line, "" if it is long
	at   int    // where in the line what is read next begins
	item Item
}

// longLine is the longest line, in bytes, that is copied as one string for its texts to share; of a longer line each
// text is copied by itself. It is several times the length of a lookup.
const longLine = 4 << 10

// decode reads a line. The item is valid until the next call; its texts stay.
func (d *decoder) decode(line []byte) (*Item, error) {
	if !jsontext.Value(line).IsValid(anyNames) {
		return nil, errSyntax
	}
	d.line, d.text, d.at = line, "", 0
	if len(line) <= longLine {
		d.text = string(line)
	}
	d.item.Attributes, d.item.Problems = d.item.Attributes[:0], nil
	found, err := d.members()
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, errNoItem
	}
	return &d.item, nil
}

// members reads the object that a line is, and reports whether it holds an item.
func (d *decoder) members() (found bool, err error) {
	if d.space(); d.line[d.at] != '{' {
		return false, errSyntax
	}
	for more := d.open(); more; more = d.more() {
		switch name := d.name(); {
		case name != "Item":
			d.skip()
		case found:
			return false, errSyntax
		default:
			found = true
			if d.item.Attributes, err = d.attributes(d.item.Attributes); err != nil {
				return false, err
			}
		}
	}
	return found, nil
}

// attributes reads {"<name>": {"<type>": …}, …}.
func (d *decoder) attributes(to []Attribute) ([]Attribute, error) {
	if d.line[d.at] != '{' {
		return to, errSyntax
	}
	for more := d.open(); more; more = d.more() {
		name := d.name()
		if unread(name) {
			d.skip()
			continue
		}
		to = append(to, Attribute{Name: name})
		if v := &to[len(to)-1].Value; !d.plain(v) {
			if err := d.value(v); err != nil {
				return to, err
			}
		}
	}
	return to, nil
}

// unread reports whether no report reads an attribute, so that its value is not decoded.
func unread(name string) bool {
	switch name {
	case "evidence", "reference", "firstLookupId", "unlockEmailedAt", "requestEmailedAt", "ownerEmailedAt", "retries":
		return true
	}
	return false
}

// plain reads a value of the commonest forms, {"S":"…"} and {"N":"…"} without space or escapes, and reports whether it
// was one.
func (d *decoder) plain(v *Value) bool {
	const begin, end = len(`{"S":"`), len(`"}`)
	rest := d.line[d.at:]
	if len(rest) < begin {
		return false
	}
	switch string(rest[:begin]) {
	case `{"S":"`:
		v.Type = "S"
	case `{"N":"`:
		v.Type = "N"
	default:
		return false
	}
	length := bytes.IndexByte(rest[begin:], '"')
	if rest[begin+length+1] != '}' || bytes.IndexByte(rest[begin:begin+length], '\\') >= 0 {
		v.Type = ""
		return false
	}
	if d.text == "" {
		v.Text = string(rest[begin : begin+length])
	} else {
		v.Text = d.text[d.at+begin : d.at+begin+length]
	}
	d.at += begin + length + end
	return true
}

// value reads {"<type>": …}, which has exactly one member.
func (d *decoder) value(v *Value) error {
	if d.line[d.at] != '{' {
		d.skip()
		return nil
	}
	if !d.open() {
		return errSyntax
	}
	kind := d.name()
	if err := d.typed(kind, v); err != nil {
		return err
	}
	if d.more() {
		return errSyntax
	}
	return nil
}

// typed reads the value that follows the name of a type. A value that is not of its type is treated as one of an
// unknown type.
func (d *decoder) typed(kind string, v *Value) (err error) {
	switch next := d.line[d.at]; {
	case (kind == "S" || kind == "N" || kind == "B") && next == '"':
		v.Text = d.string()
	case kind == "BOOL" && (next == 't' || next == 'f'):
		v.Flag = next == 't'
		d.skip()
	case kind == "L" && next == '[':
		for more := d.open(); more; more = d.more() {
			v.List = append(v.List, Value{})
			if err := d.value(&v.List[len(v.List)-1]); err != nil {
				return err
			}
		}
	case kind == "M" && next == '{':
		v.Entries, err = d.attributes(nil)
	case kind == "NULL" && next == 't', (kind == "SS" || kind == "NS" || kind == "BS") && next == '[':
		d.skip()
	default:
		d.skip()
		return nil
	}
	v.Type = kind
	return err
}

// What follows goes through what is known to be JSON.

// open steps into an object or a list, and reports whether it has members or entries. If not, it has stepped past the
// end.
func (d *decoder) open() bool {
	d.at++
	d.space()
	if next := d.line[d.at]; next == '}' || next == ']' {
		d.at++
		return false
	}
	return true
}

// more steps to the next member or entry, or, if there is none, out of the object or list.
func (d *decoder) more() bool {
	d.space()
	d.at++
	if d.line[d.at-1] != ',' {
		return false
	}
	d.space()
	return true
}

// name reads the name of a member and steps to its value.
func (d *decoder) name() string {
	name := d.string()
	d.space()
	d.at++ // the colon
	d.space()
	return name
}

// string reads a string. One without escapes is a part of the line.
func (d *decoder) string() string {
	quoted, escaped := d.quoted()
	switch {
	case escaped:
		text, _ := jsontext.AppendUnquote(nil, quoted) // it is valid
		return string(text)
	case d.text == "":
		return string(quoted[1 : len(quoted)-1])
	}
	return d.text[d.at-len(quoted)+1 : d.at-1]
}

// quoted steps over a string, and reports whether it has escapes.
func (d *decoder) quoted() (text []byte, escaped bool) {
	begin := d.at
	d.at++
	for {
		length := bytes.IndexByte(d.line[d.at:], '"')
		escape := bytes.IndexByte(d.line[d.at:d.at+length], '\\')
		if escape < 0 {
			d.at += length + 1
			return d.line[begin:d.at], escaped
		}
		d.at, escaped = d.at+escape+2, true // what is escaped may be a quotation mark
	}
}

// space steps over space.
func (d *decoder) space() {
	for d.at < len(d.line) && (d.line[d.at] == ' ' || d.line[d.at] == '\t' || d.line[d.at] == '\r' || d.line[d.at] == '\n') {
		d.at++
	}
}

// skip steps over a value.
func (d *decoder) skip() {
	for depth := 0; ; {
		switch d.line[d.at] {
		case '"':
			d.quoted()
		case '{', '[':
			depth++
			d.at++
		case '}', ']':
			depth--
			d.at++
		case ',', ':', ' ', '\t', '\r', '\n':
			d.at++
			continue
		default: // a number, or one of three words
			for d.at < len(d.line) && bytes.IndexByte([]byte(",:]} \t\r\n"), d.line[d.at]) < 0 {
				d.at++
			}
		}
		if depth == 0 {
			return
		}
	}
}
