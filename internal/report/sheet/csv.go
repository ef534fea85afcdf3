package sheet

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BOM is the byte-order mark that tells Excel that a file is UTF-8.
const BOM = "\ufeff"

// appendCell appends a text, disarmed where necessary.
func appendCell(to []byte, cell string) []byte {
	disarm := dangerous(cell)
	if !strings.ContainsAny(cell, "\",\r\n\t;'") && cell == strings.TrimSpace(cell) {
		if disarm {
			to = append(to, '\'')
		}
		return append(to, cell...)
	}
	to = append(to, '"')
	if disarm {
		to = append(to, '\'')
	}
	to = append(to, strings.ReplaceAll(cell, `"`, `""`)...)
	return append(to, '"')
}

// dangerous reports whether a spreadsheet may run or convert a cell instead of showing its text.
func dangerous(cell string) bool {
	if strings.HasPrefix(cell, "'") {
		return true // so that one apostrophe at the front is never part of the text
	}
	// Spreadsheets ignore leading space, and so may programs that read the cell from them.
	first, _ := utf8.DecodeRuneInString(cell)
	if first == '\t' || first == '\r' || first == '\n' {
		return true
	}
	trimmed := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	first, _ = utf8.DecodeRuneInString(trimmed)
	switch first {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−':
		return true
	}
	return rewritten(strings.TrimRightFunc(trimmed, unicode.IsSpace))
}

// rewritten reports whether a spreadsheet that takes a cell for a number would show another: it drops leading
// zeros, keeps fifteen digits, and reads 12e5 as 1200000.
func rewritten(cell string) bool {
	digits, exponent := 0, false
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= '0' && c <= '9':
			digits++
		case (c == 'e' || c == 'E') && !exponent && digits > 0 && i+1 < len(cell):
			exponent = true
		case (c == '+' || c == '-') && i > 0 && (cell[i-1] == 'e' || cell[i-1] == 'E') && i+1 < len(cell):
		case (c == '.' || c == ',') && digits > 0:
		default:
			return false
		}
	}
	return exponent || digits > 15 || digits > 1 && cell[0] == '0'
}

// CSVTime is the layout of a time in a CSV file: RFC 3339 with London's offset.
const CSVTime = "2006-01-02T15:04:05.000-07:00"

// CSV writes a CSV file: UTF-8 with a byte-order mark, CRLF, quoted as RFC 4180 says, and no cell that a spreadsheet runs
// as a formula or rewrites as a number.
//
// Such a cell gets an apostrophe in front, and so does one that begins with an apostrophe itself. So the rule for
// reading loses nothing: one apostrophe at the front of a cell is not part of it. Nothing else is changed: a cell, an
// email address above all, is as it was typed.
type CSV struct {
	to   *bufio.Writer
	row  []byte
	Rows int // written so far, without the header
}

// NewCSV returns a CSV and writes the byte-order mark. Flush returns any failure.
func NewCSV(to io.Writer) *CSV {
	c := &CSV{to: bufio.NewWriterSize(to, 64<<10)}
	c.to.WriteString(BOM)
	return c
}

// Header writes the headings.
func (c *CSV) Header(headings []Cell) { c.write(headings) }

// Row writes a row.
func (c *CSV) Row(cells []Cell) {
	c.Rows++
	c.write(cells)
}

func (c *CSV) write(cells []Cell) {
	c.row = c.row[:0]
	for i, cell := range cells {
		if i > 0 {
			c.row = append(c.row, ',')
		}
		switch cell.kind {
		case textCell:
			c.row = appendCell(c.row, cell.text)
		case numberCell:
			c.row = strconv.AppendInt(c.row, cell.number, 10)
		case timeCell:
			c.row = cell.at.AppendFormat(c.row, CSVTime)
		}
	}
	c.row = append(c.row, '\r', '\n')
	c.to.Write(c.row)
}

// Flush writes buffered data, and returns the first failure since NewCSV.
func (c *CSV) Flush() error { return c.to.Flush() }
