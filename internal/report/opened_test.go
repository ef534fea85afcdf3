//go:build workbook

package report_test

import (
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/report"
	"losttrn/internal/report/sheet/sheettest"
)

// TestTheWorkbookHoldsWhatTheCSVFilesHold, cell by cell, as texts, numbers and dates, whatever people typed.
func TestTheWorkbookHoldsWhatTheCSVFilesHold(t *testing.T) {
	for name, contents := range map[string]tables{"a day": day(), "hostile texts": hostileTables()} {
		t.Run(name, func(t *testing.T) {
			dir, _, err := makeReport(t, contents, report.Options{})
			if err != nil {
				t.Fatal(err)
			}
			book := sheettest.Open(t, filepath.Join(dir, report.WorkbookFile))
			for _, list := range []string{"repeat-emails", "unlocks", "helpdesk-requests", "undelivered", "pending", "unreadable"} {
				page := book[list]
				if len(page.Rows) == 0 {
					t.Errorf("there is no sheet %s", list)
					continue
				}
				page.Rows = page.Rows[1:]
				sheettest.SamePage(t, list, page, rows(t, dir, list+".csv"))
			}
		})
	}
}

// TestLibreOfficeDrawsTheWorkbook as a picture that is not blank.
func TestLibreOfficeDrawsTheWorkbook(t *testing.T) {
	dir, _, err := makeReport(t, day(), report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	texts := sheettest.Draw(t, filepath.Join(dir, report.WorkbookFile))
	for _, want := range []string{"head@example.com", "0012345", "2026-11-22 09:30:00", "-Sam Sample"} {
		if !strings.Contains(texts, want) {
			t.Errorf("LibreOffice does not show %s", want)
		}
	}
}
