package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/flate" // packs a large workbook in a third of the standard library's time
	"github.com/xuri/excelize/v2"
)

// Workbook writes an .xlsx file, in memory that does not grow with its rows, which are in temporary files until the
// end.
//
// excelize writes everything except the rows below the headings. For those its stream writer takes six times as long as
// Sheet (BenchmarkRow), a sixth of the processor's time of a report of a million items. The rows are inserted at the
// end of a sheet's data.
type Workbook struct {
	file                    *excelize.File
	header, textual, moment int // styles
	most                    int // rows of a sheet, with its headings
	temp                    string
	sheets                  []*Sheet
}

// NewWorkbook begins a workbook whose temporary files stand in a folder.
func NewWorkbook(temp string) (*Workbook, error) {
	w := &Workbook{file: excelize.NewFile(), most: excelize.TotalRows, temp: temp}
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
func (w *Workbook) Close() error {
	err := w.file.Close()
	for _, s := range w.sheets {
		err = errors.Join(err, s.close())
	}
	return err
}

// Sheet adds a sheet to the workbook. Sheets stand in the order in which they are added; their rows may be written side by
// side.
func (w *Workbook) Sheet(name string) *Sheet {
	s := &Sheet{book: w, name: name}
	w.sheets = append(w.sheets, s)
	return s
}

// Write writes the workbook when all sheets have ended.
func (w *Workbook) Write(to io.Writer) error {
	rows := map[string]*os.File{}
	for _, s := range w.sheets {
		for i, p := range s.parts {
			title := s.name
			if i > 0 {
				title = fmt.Sprintf("%s (%d)", s.name, i+1)
			}
			if err := w.frame(len(rows) == 0, title, s.headings, p.last); err != nil {
				return fmt.Errorf("write sheet %s: %w", title, err)
			}
			rows[fmt.Sprintf("xl/worksheets/sheet%d.xml", len(rows)+1)] = p.file
		}
	}
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		// The library keeps the whole file in memory unless it is given a place to write to.
		archive := zip.NewWriter(to)
		archive.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(out, flate.BestSpeed)
		})
		return &spliced{archive, rows}
	})
	if _, err := w.file.WriteToBuffer(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if len(rows) > 0 {
		return errors.New("write the workbook: a sheet has no place for its rows")
	}
	return nil
}

// frame writes a sheet with its headings alone: the frozen first row, filters down to the last row, and the columns'
// widths.
func (w *Workbook) frame(first bool, title string, headings []Cell, last int) (err error) {
	if first {
		err = w.file.SetSheetName("Sheet1", title)
	} else {
		_, err = w.file.NewSheet(title)
	}
	if err != nil {
		return err
	}
	stream, err := w.file.NewStreamWriter(title)
	if err != nil {
		return err
	}
	cells := make([]any, len(headings))
	for i, heading := range headings {
		if err := stream.SetColWidth(i+1, i+1, width(heading.text)); err != nil {
			return err
		}
		cells[i] = excelize.Cell{StyleID: w.header, Value: heading.text}
	}
	err = stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	if err := stream.SetRow("A1", cells); err != nil {
		return err
	}
	corner, err := excelize.CoordinatesToCellName(len(headings), last)
	if err == nil {
		err = w.file.AutoFilter(title, "A1:"+corner, nil)
	}
	return errors.Join(err, stream.Flush())
}

// width returns a column's, in characters.
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

// spliced is an archive that inserts the rows into the files of sheets.
type spliced struct {
	*zip.Writer
	rows map[string]*os.File // by the name of the sheet's file; those that have not been taken up
}

// Create begins a file of the archive.
func (s *spliced) Create(name string) (io.Writer, error) {
	file, err := s.Writer.Create(name)
	if s.rows[name] == nil || err != nil {
		return file, err
	}
	return &splice{file, s, name}, nil
}

// splice is the file of a sheet.
type splice struct {
	to      io.Writer
	archive *spliced
	name    string
}

var endOfRows = []byte("</sheetData>")

// Write writes a whole frame with the rows inserted at the end of its data.
func (s *splice) Write(p []byte) (int, error) {
	before, after, found := bytes.Cut(p, endOfRows)
	rows := s.archive.rows[s.name]
	if !found || rows == nil {
		return s.to.Write(p)
	}
	if _, err := s.to.Write(before); err != nil {
		return 0, err
	}
	if _, err := rows.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	if _, err := io.Copy(s.to, rows); err != nil {
		return 0, err
	}
	delete(s.archive.rows, s.name)
	if _, err := s.to.Write(append(bytes.Clone(endOfRows), after...)); err != nil {
		return 0, err
	}
	return len(p), nil
}
