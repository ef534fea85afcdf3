package dynamojson

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrSyntax says that a line is not JSON, or not in UTF-8.
var ErrSyntax = errors.New("is not JSON")

// ErrNoItem says that a line is JSON but holds no item of a full export.
var ErrNoItem = errors.New("holds no item")

// maxDepth is deeper than DynamoDB nests (32 levels, each wrapped in its type).
const maxDepth = 100

// Decoder reads one line after another. Its methods but Line may be called only by the function given to Line,
// each to read the value of the attribute that was just named.
type Decoder struct {
	line []byte
	at   int
	buf  []byte // of the last text that had escapes
}

// Line reads a line and calls attribute for each attribute of its item, in the order of the line. The function
// must read the value with one of the Decoder's methods or Skip it. The name is valid only until then.
func (d *Decoder) Line(line []byte, attribute func(name []byte) error) error {
	d.line, d.at = line, 0
	if !utf8.Valid(line) {
		return ErrSyntax
	}
	found := false
	err := d.object(func(name []byte) error {
		if string(name) != "Item" {
			return d.skip(0)
		}
		if found {
			return ErrSyntax
		}
		found = true
		return d.object(attribute)
	})
	if err != nil {
		return err
	}
	d.space()
	if d.at != len(d.line) {
		return ErrSyntax
	}
	if !found {
		return ErrNoItem
	}
	return nil
}

// Skip passes over the value, whatever its type, and checks its grammar.
func (d *Decoder) Skip() error { return d.skip(0) }

// String reads a value of type S. The bytes are valid until the Decoder reads on.
func (d *Decoder) String() ([]byte, error) { return d.scalar("S") }

// Number reads a value of type N: the digits as DynamoDB wrote them. They are valid until the Decoder reads on.
func (d *Decoder) Number() ([]byte, error) { return d.scalar("N") }

// Bool reads a value of type BOOL.
func (d *Decoder) Bool() (value bool, err error) {
	err = d.typed("BOOL", func() error {
		rest := d.line[d.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("true")):
			value = true
			d.at += len("true")
		case bytes.HasPrefix(rest, []byte("false")):
			d.at += len("false")
		default:
			return ErrSyntax
		}
		return nil
	})
	return value, err
}

// Strings reads a list (L) of strings and calls each for every one.
func (d *Decoder) Strings(each func([]byte)) error {
	return d.typed("L", func() error {
		return d.array(func() error {
			s, err := d.String()
			if err == nil {
				each(s)
			}
			return err
		})
	})
}

// Map reads a map (M) and calls each for every entry, which must read or Skip the entry's value. The name is
// valid only until then.
func (d *Decoder) Map(each func(name []byte) error) error {
	return d.typed("M", func() error { return d.object(each) })
}

func (d *Decoder) scalar(kind string) (value []byte, err error) {
	// The common form, without spaces, in one stride.
	rest := d.line[d.at:]
	if n := len(kind); len(rest) > n+6 && rest[0] == '{' && rest[1] == '"' && string(rest[2:2+n]) == kind &&
		rest[2+n] == '"' && rest[3+n] == ':' && rest[4+n] == '"' {
		d.at += 4 + n
		if value, err = d.text(); err != nil {
			return nil, err
		}
		if d.at < len(d.line) && d.line[d.at] == '}' {
			d.at++
			return value, nil
		}
		d.space()
		return value, d.expect('}')
	}
	err = d.typed(kind, func() error {
		value, err = d.text()
		return err
	})
	return value, err
}

// typed reads {"<kind>": value}.
func (d *Decoder) typed(kind string, value func() error) error {
	d.space()
	first := true
	err := d.object(func(name []byte) error {
		if !first {
			return ErrSyntax
		}
		first = false
		if string(name) != kind {
			return &TypeError{Want: kind, Got: string(name)}
		}
		return value()
	})
	if err == nil && first {
		return ErrSyntax
	}
	return err
}

// TypeError says that an attribute is not of the type that was asked for. Its text holds nothing of the line but
// the name of a type of DynamoDB's.
type TypeError struct{ Want, Got string }

func (e *TypeError) Error() string {
	switch e.Got {
	case "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS":
		return fmt.Sprintf("an attribute is of type %s, not %s", e.Got, e.Want)
	}
	return fmt.Sprintf("an attribute is of no type of DynamoDB's, not %s", e.Want)
}
