package sheet

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// written writes the rows to a workbook with two sheets, as many a sheet as most allows, and opens it.
func written(t *testing.T, most int, rows [][]Cell) *excelize.File {
	t.Helper()
	temp := t.TempDir()
	book, err := NewWorkbook(temp)
	if err != nil {
		t.Fatal(err)
	}
	book.most = most
	sheets := []*Sheet{book.Sheet("first"), book.Sheet("second")}
	for _, s := range slices.Backward(sheets) { // the order of the rows is not the order of the sheets
		if err := s.Begin([]Cell{Text("Text"), Text("Number"), Text("Time (London)")}); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if err := s.Row(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.End(); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	opened, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// TestTextsOfAWorkbookAreReadBack by the library as they were, whatever is in them, and are of the type of texts.
func TestTextsOfAWorkbookAreReadBack(t *testing.T) {
	texts := []string{"", "plain", "0012345", "1e5", `=1+1`, `<b>&"'</b>`, "&amp;", " spaced ", "\tx\n", "two\nlines", "_x0041_", "_x0041_x0041_", "_x005F_x0041_",
		"not_x_", "_x12G4_", "José", "日本", "𝔘", "]]>", "</t></is></c></row></sheetData>", "https://example.com", strings.Repeat("é", 32_767)}
	var rows [][]Cell
	for _, text := range texts {
		rows = append(rows, []Cell{Text(text), Number(int64(len(text))), {}})
	}
	opened := written(t, excelize.TotalRows, rows)
	for i, want := range texts {
		cell := fmt.Sprintf("A%d", i+2)
		got, err := opened.GetCellValue("first", cell)
		kind, kindErr := opened.GetCellType("first", cell)
		if err != nil || kindErr != nil || got != want || kind != excelize.CellTypeInlineString {
			t.Errorf("%.40q is read as %.40q, type %v, %v %v", want, got, kind, err, kindErr)
		}
	}
}

// TestWhatXMLCannotCarry becomes U+FFFD, and what a cell cannot hold is cut with a sign of it.
func TestWhatXMLCannotCarry(t *testing.T) {
	opened := written(t, excelize.TotalRows, [][]Cell{{Text("a\x00b\x1b\uFFFE")}, {Text("\xff")}, {Text(strings.Repeat("x", 40_000))}})
	for cell, want := range map[string]string{"A2": "a\uFFFDb\uFFFD\uFFFD", "A3": "\uFFFD", "A4": strings.Repeat("x", 32_766) + "…"} {
		if got, err := opened.GetCellValue("first", cell); err != nil || got != want {
			t.Errorf("%s: %.40q, want %.40q, %v", cell, got, want, err)
		}
	}
}

// TestASheetGoesOnInAnother when it is full, each with its headings, and the sheets stand in the order in which they were
// asked for.
func TestASheetGoesOnInAnother(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 30, 0, 0, time.UTC)
	opened := written(t, 3, [][]Cell{{Text("a"), Number(1), Time(at)}, {Text("b"), Number(-2), Time(at)}, {Text("c"), {}, Time(at.Add(time.Second))}})
	if got, want := opened.GetSheetList(), []string{"first", "first (2)", "second", "second (2)"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %v, want %v", got, want)
	}
	for name, want := range map[string]string{
		"first":      "[[Text Number Time (London)] [a 1 2026-07-01 12:30:00] [b -2 2026-07-01 12:30:00]]",
		"second (2)": "[[Text Number Time (London)] [c  2026-07-01 12:30:01]]",
	} {
		if got, err := opened.GetRows(name); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s, %v", name, got, want, err)
		}
	}
}

// BenchmarkRow writes rows of lookups as Sheet does and as excelize's stream writer does.
func BenchmarkRow(b *testing.B) {
	cells := []Cell{Time(time.Date(2026, 7, 1, 12, 30, 0, 0, time.UTC)), Text("MN93F-KWNMH"), Text("1000001"), Text("person.12345@example.com"),
		Text("person.12345@example.com"), Text("unlocked"), {}, {}, Time(time.Date(2026, 7, 1, 12, 30, 2, 0, time.UTC)), Text("11111111-1111-4111-8111-111111111111")}
	b.Run("Sheet", func(b *testing.B) {
		book, err := NewWorkbook(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		defer book.Close()
		s := book.Sheet("rows")
		if err := s.Begin(cells); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := s.Row(cells); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("excelize", func(b *testing.B) {
		file := excelize.NewFile(excelize.Options{TmpDir: b.TempDir()})
		defer file.Close()
		stream, err := file.NewStreamWriter("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		values := make([]any, len(cells))
		for row := 1; b.Loop(); row++ {
			if row > excelize.TotalRows {
				b.Fatal("the sheet is full")
			}
			for i, cell := range cells {
				switch cell.kind {
				case textCell:
					values[i] = excelize.Cell{StyleID: 1, Value: plain(cell.text)}
				case timeCell:
					values[i] = excelize.Cell{StyleID: 1, Value: serial(cell.at)}
				}
			}
			if err := stream.SetRow(fmt.Sprint("A", row), values); err != nil {
				b.Fatal(err)
			}
		}
	})
}
