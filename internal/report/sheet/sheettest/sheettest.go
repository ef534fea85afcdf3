// Package sheettest opens workbooks with programs other than the one that wrote them: openpyxl, of the Python that the
// variable PYTHON names, and LibreOffice.
package sheettest

import (
	_ "embed"
	"encoding/json"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/report/sheet"
)

//go:embed read_workbook.py
var readWorkbook string

// Page is a sheet as openpyxl reads it.
type Page struct {
	Frozen, Filter string
	Rows           [][][3]any // type, value, whether it is a link
}

// Open reads a workbook with openpyxl, by the names of its sheets.
func Open(t testing.TB, file string) map[string]Page {
	t.Helper()
	out, err := exec.Command(os.Getenv("PYTHON"), "-c", readWorkbook, file).Output()
	if err != nil {
		t.Fatalf("openpyxl: %v", err)
	}
	var book map[string]Page
	if err := json.Unmarshal(out, &book); err != nil {
		t.Fatal(err)
	}
	return book
}

// SamePage compares a sheet with the rows of its CSV file, the headings first: they hold the same texts, numbers and
// times, and the sheet neither a formula nor a link.
func SamePage(t testing.TB, name string, page Page, csv [][]string) {
	t.Helper()
	if len(page.Rows) != len(csv) || page.Frozen != "A2" || !strings.HasPrefix(page.Filter, "$A$1:") {
		t.Errorf("%s: %d rows of %d, frozen at %q, filter %q", name, len(page.Rows), len(csv), page.Frozen, page.Filter)
		return
	}
	for i, row := range csv {
		for j, cell := range row {
			sameCell(t, name, page.Rows[i][j], cell)
		}
	}
}

func sameCell(t testing.TB, name string, got [3]any, csv string) {
	t.Helper()
	if got[0] == "f" || got[2] == true {
		t.Errorf("%s: a formula or a link: %.40q", name, csv)
	}
	value, _ := got[1].(string)
	switch got[0] {
	case "n":
		if number, ok := got[1].(float64); csv != "" && (!ok || csv != strconv.FormatFloat(number, 'f', -1, 64)) {
			t.Errorf("%s: a number %v for %.40q", name, got[1], csv)
		}
	case "d":
		at, err := time.Parse(sheet.CSVTime, csv)
		if err != nil || value != at.Round(time.Second).Format(time.DateTime) && value != at.Truncate(time.Second).Format(time.DateTime) {
			t.Errorf("%s: the time %s for %s", name, value, csv)
		}
	case "s", "inlineStr":
		// The number of a character between underscores is written so that it stays a text; openpyxl does not read that back.
		value = strings.ReplaceAll(value, "_x005F_", "_")
		if want := asCell(strings.TrimPrefix(csv, "'")); strings.ReplaceAll(value, "\r\n", "\n") != strings.ReplaceAll(want, "\r\n", "\n") {
			t.Errorf("%s: %.60q for %.60q", name, value, want)
		}
	default:
		t.Errorf("%s: a cell of type %v", name, got[0])
	}
}

// asCell returns a text without what a workbook's XML cannot carry, cut to what a cell can hold.
func asCell(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return 0xFFFD
		}
		return r
	}, text)
	if len(text) > 32_767 {
		text = text[:32_766] + "…"
	}
	return text
}

// Draw draws a workbook with LibreOffice, checks that its first page is a picture of something, and returns the texts that
// all its pages show.
func Draw(t testing.TB, file string) string {
	t.Helper()
	dir := t.TempDir()
	drawn := filepath.Join(dir, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	for _, command := range [][]string{
		{"soffice", "-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir, file},
		{"pdftoppm", "-png", "-singlefile", "-f", "1", drawn + ".pdf", drawn},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", command[0], err, out)
		}
	}
	texts, err := exec.Command("pdftotext", drawn+".pdf", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(drawn + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	picture, err := png.Decode(opened)
	if err != nil {
		t.Fatal(err)
	}
	colours := map[any]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			colours[picture.At(x, y)] = true
		}
	}
	if picture.Bounds().Dx() < 200 || len(colours) < 3 {
		t.Errorf("a picture of %v with %d colours", picture.Bounds(), len(colours))
	}
	return string(texts)
}
