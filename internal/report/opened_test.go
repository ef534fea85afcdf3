//go:build workbook

package report_test

import (
	"encoding/json"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/report"
	"losttrn/internal/report/sheet"
)

// These tests open the workbook with programs other than the one that wrote it: openpyxl, of the Python that PYTHON names,
// and LibreOffice.

type opened map[string]struct {
	Frozen, Filter string
	Rows           [][][3]any // type, value, whether it is a link
}

func openpyxl(t *testing.T, dir string) opened {
	t.Helper()
	out, err := exec.Command(os.Getenv("PYTHON"), "testdata/read_workbook.py", filepath.Join(dir, report.WorkbookFile)).Output()
	if err != nil {
		t.Fatalf("openpyxl: %v", err)
	}
	var book opened
	if err := json.Unmarshal(out, &book); err != nil {
		t.Fatal(err)
	}
	return book
}

// TestTheWorkbookHoldsWhatTheCSVFilesHold, cell by cell, as texts, numbers and dates, whatever people typed.
func TestTheWorkbookHoldsWhatTheCSVFilesHold(t *testing.T) {
	for name, contents := range map[string]tables{"a day": day(), "hostile texts": hostileTables()} {
		t.Run(name, func(t *testing.T) {
			dir, _, err := makeReport(t, contents, report.Options{})
			if err != nil {
				t.Fatal(err)
			}
			book := openpyxl(t, dir)
			for _, list := range []string{"repeat-emails", "unlocks", "helpdesk-requests", "undelivered", "pending", "unreadable"} {
				page, ok := book[list]
				want := rows(t, dir, list+".csv")
				if !ok || len(page.Rows) != len(want)+1 || page.Frozen != "A2" || !strings.HasPrefix(page.Filter, "$A$1:") {
					t.Errorf("%s: %d rows of %d, frozen at %q, filter %q", list, len(page.Rows)-1, len(want), page.Frozen, page.Filter)
					continue
				}
				for i, row := range want {
					for j, cell := range row {
						sameCell(t, list, page.Rows[i+1][j], cell)
					}
				}
			}
		})
	}
}

func sameCell(t *testing.T, list string, got [3]any, csv string) {
	t.Helper()
	if got[0] == "f" || got[2] == true {
		t.Errorf("%s: a formula or a link: %.40q", list, csv)
	}
	value, _ := got[1].(string)
	switch got[0] {
	case "n":
		if number, ok := got[1].(float64); csv != "" && (!ok || csv != strings.TrimSuffix(strings.TrimSuffix(json.Number(jsonText(number)).String(), ".0"), ".")) {
			t.Errorf("%s: a number %v for %.40q", list, got[1], csv)
		}
	case "d":
		at, err := time.Parse(sheet.CSVTime, csv)
		if err != nil || value != at.Round(time.Second).Format(time.DateTime) && value != at.Truncate(time.Second).Format(time.DateTime) {
			t.Errorf("%s: the time %s for %s", list, value, csv)
		}
	case "s", "inlineStr":
		// The number of a character between underscores is written so that it stays a text; openpyxl does not read that back.
		value = strings.ReplaceAll(value, "_x005F_", "_")
		if want := asCell(strings.TrimPrefix(csv, "'")); strings.ReplaceAll(value, "\r\n", "\n") != strings.ReplaceAll(want, "\r\n", "\n") {
			t.Errorf("%s: %.60q for %.60q", list, value, want)
		}
	default:
		t.Errorf("%s: a cell of type %v", list, got[0])
	}
}

// asCell is a text without what a workbook's XML cannot carry, cut to what a cell can hold.
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

func jsonText(number float64) string {
	text, _ := json.Marshal(number)
	return string(text)
}

// TestLibreOfficeDrawsTheWorkbook as a picture that is not blank.
func TestLibreOfficeDrawsTheWorkbook(t *testing.T) {
	dir, _, err := makeReport(t, day(), report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		{"soffice", "-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, report.WorkbookFile)},
		{"pdftoppm", "-png", "-singlefile", "-f", "1", filepath.Join(dir, "helpdesk.pdf"), filepath.Join(dir, "helpdesk")},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", command[0], err, out)
		}
	}
	texts, err := exec.Command("pdftotext", filepath.Join(dir, "helpdesk.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"head@example.com", "0012345", "2026-11-22 09:30:00", "-Sam Sample"} {
		if !strings.Contains(string(texts), want) {
			t.Errorf("LibreOffice does not show %s", want)
		}
	}
	file, err := os.Open(filepath.Join(dir, "helpdesk.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
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
}
