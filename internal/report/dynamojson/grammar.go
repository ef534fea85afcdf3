package dynamojson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// object reads { "name": value, … }; member must read the value.
func (d *Decoder) object(member func(name []byte) error) error {
	d.space()
	if err := d.expect('{'); err != nil {
		return err
	}
	d.space()
	if d.peek() == '}' {
		d.at++
		return nil
	}
	for {
		d.space()
		name, err := d.text()
		if err != nil {
			return err
		}
		d.space()
		if err := d.expect(':'); err != nil {
			return err
		}
		d.space()
		if err := member(name); err != nil {
			return err
		}
		if more, err := d.more('}'); !more || err != nil {
			return err
		}
	}
}

// array reads [ value, … ]; element must read the value.
func (d *Decoder) array(element func() error) error {
	d.space()
	if err := d.expect('['); err != nil {
		return err
	}
	d.space()
	if d.peek() == ']' {
		d.at++
		return nil
	}
	for {
		d.space()
		if err := element(); err != nil {
			return err
		}
		if more, err := d.more(']'); !more || err != nil {
			return err
		}
	}
}

// more passes the comma before the next member or element, or the bracket after the last.
func (d *Decoder) more(end byte) (bool, error) {
	d.space()
	switch d.peek() {
	case ',':
		d.at++
		return true, nil
	case end:
		d.at++
		return false, nil
	}
	return false, ErrSyntax
}

func (d *Decoder) skip(depth int) error {
	if depth > maxDepth {
		return ErrSyntax
	}
	d.space()
	switch c := d.peek(); c {
	case '{':
		return d.object(func([]byte) error { return d.skip(depth + 1) })
	case '[':
		return d.array(func() error { return d.skip(depth + 1) })
	case '"':
		_, err := d.text()
		return err
	case 't':
		return d.word("true")
	case 'f':
		return d.word("false")
	case 'n':
		return d.word("null")
	default:
		return d.bareNumber()
	}
}

func (d *Decoder) word(w string) error {
	if len(d.line)-d.at < len(w) || string(d.line[d.at:d.at+len(w)]) != w {
		return ErrSyntax
	}
	d.at += len(w)
	return nil
}

func (d *Decoder) bareNumber() error {
	if d.peek() == '-' {
		d.at++
	}
	if d.peek() == '0' {
		d.at++
	} else if !d.digits() {
		return ErrSyntax
	}
	if d.peek() == '.' {
		d.at++
		if !d.digits() {
			return ErrSyntax
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.at++
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		if !d.digits() {
			return ErrSyntax
		}
	}
	return nil
}

func (d *Decoder) digits() bool {
	start := d.at
	for c := d.peek(); c >= '0' && c <= '9'; c = d.peek() {
		d.at++
	}
	return d.at > start
}

// text reads a JSON string. Without escapes it is a part of the line itself.
func (d *Decoder) text() ([]byte, error) {
	if err := d.expect('"'); err != nil {
		return nil, err
	}
	start := d.at
	for i := start; i < len(d.line); i++ {
		switch c := d.line[i]; {
		case c == '"':
			d.at = i + 1
			return d.line[start:i], nil
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			return nil, ErrSyntax
		}
	}
	return nil, ErrSyntax
}

// escaped reads the rest of a string whose first escape is at i.
func (d *Decoder) escaped(start, i int) ([]byte, error) {
	d.buf = append(d.buf[:0], d.line[start:i]...)
	for i < len(d.line) {
		c := d.line[i]
		switch {
		case c == '"':
			d.at = i + 1
			return d.buf, nil
		case c < ' ':
			return nil, ErrSyntax
		case c != '\\':
			d.buf = append(d.buf, c)
			i++
			continue
		}
		if i+1 >= len(d.line) {
			return nil, ErrSyntax
		}
		switch c := d.line[i+1]; c {
		case '"', '\\', '/':
			d.buf = append(d.buf, c)
		case 'b':
			d.buf = append(d.buf, '\b')
		case 'f':
			d.buf = append(d.buf, '\f')
		case 'n':
			d.buf = append(d.buf, '\n')
		case 'r':
			d.buf = append(d.buf, '\r')
		case 't':
			d.buf = append(d.buf, '\t')
		case 'u':
			r, n := d.unit(i)
			if n == 0 {
				return nil, ErrSyntax
			}
			d.buf = utf8.AppendRune(d.buf, r)
			i += n
			continue
		default:
			return nil, ErrSyntax
		}
		i += 2
	}
	return nil, ErrSyntax
}

// unit reads \uXXXX, or two of them that are one character, at i, and tells how long it is; 0 is a failure. Half
// a pair is U+FFFD, as it is to encoding/json.
func (d *Decoder) unit(i int) (rune, int) {
	const one = len(`\u0000`)
	first, ok := d.hex(i)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, one
	}
	if second, ok := d.hex(i + one); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, 2 * one
		}
	}
	return utf8.RuneError, one
}

func (d *Decoder) hex(i int) (rune, bool) {
	if len(d.line)-i < 6 || d.line[i] != '\\' || d.line[i+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range d.line[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (d *Decoder) expect(c byte) error {
	if d.peek() != c {
		return ErrSyntax
	}
	d.at++
	return nil
}

// peek is the next byte, 0 at the end of the line (which is no byte of JSON's grammar).
func (d *Decoder) peek() byte {
	if d.at < len(d.line) {
		return d.line[d.at]
	}
	return 0
}

func (d *Decoder) space() {
	for d.at < len(d.line) {
		switch d.line[d.at] {
		case ' ', '\t', '\r', '\n':
			d.at++
		default:
			return
		}
	}
}
