package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate" // packs a large workbook in a third of the standard library's time
	"github.com/xuri/excelize/v2"
)

// maxRows is how many rows a sheet can hold, its header included.
const maxRows = excelize.TotalRows

// Workbook writes an .xlsx file sheet by sheet, in memory that does not grow with its rows: what is written lies in
// temporary files until the end.
type Workbook struct {
	file                    *excelize.File
	header, textual, moment int // styles
	sheets                  int
}

// NewWorkbook begins a workbook whose temporary files stand in a folder.
func NewWorkbook(temp string) (*Workbook, error) {
	w := &Workbook{file: excelize.NewFile(excelize.Options{TmpDir: temp})}
	timeForm := "yyyy-mm-dd hh:mm:ss"
	for _, style := range []struct {
		id *int
		of excelize.Style
	}{
		{&w.header, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&w.textual, excelize.Style{NumFmt: 49}}, // "@": it stays a text when somebody edits it
		{&w.moment, excelize.Style{CustomNumFmt: &timeForm}},
	} {
		id, err := w.file.NewStyle(&style.of)
		if err != nil {
			return nil, fmt.Errorf("write the workbook: %w", err)
		}
		*style.id = id
	}
	return w, nil
}

// Close removes the temporary files.
func (w *Workbook) Close() error { return w.file.Close() }

// Sheet begins a sheet. Sheets are written one after another.
func (w *Workbook) Sheet(name string, headings []Cell) (*Sheet, error) {
	s := &Sheet{book: w, name: name, headings: headings, styled: make([]excelize.Cell, len(headings)),
		cells: make([]any, len(headings))}
	return s, s.begin()
}

// Write writes the finished workbook.
func (w *Workbook) Write(to io.Writer) error {
	// The library keeps the whole file in memory unless it is given a place to write to.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		archive := zip.NewWriter(to)
		archive.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(out, flate.BestSpeed)
		})
		return archive
	})
	if _, err := w.file.WriteToBuffer(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// Sheet is a sheet that is being written. One with more rows than a sheet can hold goes on in another.
type Sheet struct {
	book     *Workbook
	name     string
	headings []Cell
	parts    int

	title  string // of this part
	stream *excelize.StreamWriter
	rows   int             // of this part, with the header
	styled []excelize.Cell // of a row
	cells  []any           // pointers to them, or plain values
}

func (s *Sheet) begin() error {
	s.parts++
	s.title, s.rows = s.name, 0
	if s.parts > 1 {
		s.title = fmt.Sprintf("%s (%d)", s.name, s.parts)
	}
	if err := s.start(); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.title, err)
	}
	for i, heading := range s.headings {
		s.style(i, s.book.header, heading.text)
	}
	return s.write()
}

func (s *Sheet) start() (err error) {
	file := s.book.file
	if s.book.sheets++; s.book.sheets == 1 {
		err = file.SetSheetName("Sheet1", s.title)
	} else {
		_, err = file.NewSheet(s.title)
	}
	if err != nil {
		return err
	}
	if s.stream, err = file.NewStreamWriter(s.title); err != nil {
		return err
	}
	for i, heading := range s.headings {
		if err := s.stream.SetColWidth(i+1, i+1, width(heading.text)); err != nil {
			return err
		}
	}
	return s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// width is a column's, in characters.
func width(heading string) float64 {
	switch {
	case strings.HasSuffix(heading, "(London)"):
		return 20
	case strings.HasPrefix(heading, "Email"), strings.HasPrefix(heading, "Lookup id"), strings.HasPrefix(heading, "Reasons"), strings.Contains(heading, "ote"):
		return 36
	case strings.Contains(heading, "TRNs"):
		return 30
	}
	return min(max(float64(len(heading)+3), 12), 24)
}

// Row writes a row.
func (s *Sheet) Row(cells []Cell) error {
	if s.rows == maxRows {
		if err := s.End(); err != nil {
			return err
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	for i, cell := range cells {
		switch cell.kind {
		case textCell:
			s.style(i, s.book.textual, plain(cell.text))
		case numberCell:
			s.cells[i] = cell.number
		case timeCell:
			s.style(i, s.book.moment, serial(cell.at))
		default:
			s.cells[i] = nil
		}
	}
	return s.write()
}

// style sets a cell of the row to a value with a style.
func (s *Sheet) style(column, style int, value any) {
	s.styled[column] = excelize.Cell{StyleID: style, Value: value}
	s.cells[column] = &s.styled[column]
}

func (s *Sheet) write() error {
	s.rows++
	if err := s.stream.SetRow("A"+strconv.Itoa(s.rows), s.cells); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.title, err)
	}
	return nil
}

// End ends the sheet and puts filters on its columns.
func (s *Sheet) End() error {
	last, err := excelize.CoordinatesToCellName(len(s.headings), s.rows)
	if err == nil {
		err = s.book.file.AutoFilter(s.title, "A1:"+last, nil)
	}
	if err == nil {
		err = s.stream.Flush()
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", s.title, err)
	}
	return nil
}

// epoch is the day that a spreadsheet counts as 0.
var epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// serial is a time as a spreadsheet counts: days since its epoch by the clock of the time's own zone.
func serial(at time.Time) float64 {
	_, offset := at.Zone()
	return float64(at.UnixMilli()+int64(offset)*1000-epoch.UnixMilli()) / float64(24*time.Hour/time.Millisecond)
}

// maxCell is how many UTF-16 units a cell can hold.
const maxCell = excelize.TotalCellChars

// isPlain tells whether a text is of visible ASCII alone.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// plain is a text as a cell can hold it: what XML cannot carry becomes U+FFFD, and "_x0041_", which a workbook reads as
// the character of that number, is written so that it stays what it is.
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
	units := 0
	for i, r := range text {
		if units++; r > 0xFFFF {
			units++
		}
		if units > maxCell-1 {
			return text[:i] + "…"
		}
	}
	return text
}
