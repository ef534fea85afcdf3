package sheet

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Sheet is a sheet that is being written. If it gets more rows than a sheet can hold, it continues in a further sheet.
type Sheet struct {
	book     *Workbook
	name     string
	headings []Cell
	columns  []string // their letters
	parts    []*part

	text, time  string // how a cell with a text and one with a time go on behind its name
	digits, row []byte
}

// part is the content of one sheet of the workbook.
type part struct {
	file *os.File
	to   *bufio.Writer
	last int // row, counted from 1
}

// Begin begins the sheet with its headings, which Row and End need.
func (s *Sheet) Begin(headings []Cell) error {
	s.headings = headings
	s.text = fmt.Sprintf(`" s="%d" t="inlineStr"><is><t`, s.book.textual)
	s.time = fmt.Sprintf(`" s="%d"><v>`, s.book.moment)
	for i := range headings {
		letters, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return fmt.Errorf("write sheet %s: %w", s.name, err)
		}
		s.columns = append(s.columns, letters)
	}
	return s.next()
}

// next begins another part.
func (s *Sheet) next() error {
	file, err := os.CreateTemp(s.book.temp, "rows-")
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	s.parts = append(s.parts, &part{file, bufio.NewWriterSize(file, 256<<10), 1})
	return nil
}

// Row writes a row.
func (s *Sheet) Row(cells []Cell) error {
	p := s.parts[len(s.parts)-1]
	if p.last == s.book.most {
		if err := errors.Join(s.End(), s.next()); err != nil {
			return err
		}
		p = s.parts[len(s.parts)-1]
	}
	p.last++
	s.digits = strconv.AppendInt(s.digits[:0], int64(p.last), 10)
	row := append(append(append(s.row[:0], `<row r="`...), s.digits...), `">`...)
	for i, cell := range cells {
		if cell.kind == noCell {
			continue
		}
		row = append(append(append(row, `<c r="`...), s.columns[i]...), s.digits...)
		switch cell.kind {
		case textCell:
			row = append(appendText(append(row, s.text...), plain(cell.text)), `</t></is></c>`...)
		case numberCell:
			row = append(strconv.AppendInt(append(row, `"><v>`...), cell.number, 10), `</v></c>`...)
		case timeCell:
			row = append(strconv.AppendFloat(append(row, s.time...), serial(cell.at), 'f', -1, 64), `</v></c>`...)
		}
	}
	s.row = append(row, `</row>`...)
	if _, err := p.to.Write(s.row); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	return nil
}

// End ends the sheet.
func (s *Sheet) End() error {
	if err := s.parts[len(s.parts)-1].to.Flush(); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	return nil
}

// close removes the temporary files.
func (s *Sheet) close() (err error) {
	for _, p := range s.parts {
		err = errors.Join(err, p.file.Close(), os.Remove(p.file.Name()))
	}
	return err
}

// appendText appends a text, from the end of the name of its element, as XML has it.
func appendText(to []byte, text string) []byte {
	if text == "" {
		return append(to, '>')
	}
	if isSpace(text[0]) || isSpace(text[len(text)-1]) {
		to = append(to, ` xml:space="preserve"`...)
	}
	to = append(to, '>')
	if isPlain(text) && !strings.ContainsAny(text, `&<>"'`) && !strings.Contains(text, "_x") {
		return append(to, text...)
	}
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(text)) // a buffer takes everything
	for rest := escaped.Bytes(); ; {
		at := bytes.Index(rest, []byte("_x"))
		if at < 0 {
			return append(to, rest...)
		}
		to = append(to, rest[:at]...)
		if rest = rest[at:]; isCharacter(rest) {
			to = append(to, "_x005F"...)
		}
		to, rest = append(to, '_'), rest[1:]
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isCharacter reports whether a text begins as a workbook writes the character of a number, such as _x0041_.
func isCharacter(text []byte) bool {
	if len(text) < len("_x0041_") || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return err == nil
}

// epoch is the day that a spreadsheet counts as 0.
var epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// serial returns a time as a spreadsheet counts: days since its epoch by the clock of the time's own zone.
func serial(at time.Time) float64 {
	_, offset := at.Zone()
	return float64(at.UnixMilli()+int64(offset)*1000-epoch.UnixMilli()) / float64(24*time.Hour/time.Millisecond)
}

// maxCell is how many UTF-16 units a cell can hold.
const maxCell = excelize.TotalCellChars

// isPlain reports whether a text is of visible ASCII alone.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// plain returns a text as a cell can hold it: what XML cannot carry becomes U+FFFD.
func plain(text string) string {
	if len(text) <= maxCell && isPlain(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, text)
	if len(text) <= maxCell {
		return text
	}
	units, cut := 0, -1 // cut is where the first character begins that leaves no room for the sign that some are missing
	for i, r := range text {
		units += utf16.RuneLen(r)
		if units > maxCell-1 && cut < 0 {
			cut = i
		}
	}
	if units <= maxCell {
		return text
	}
	return text[:cut] + "…"
}
