//go:build workbook

package endtoend_test

import (
	"path/filepath"
	"strings"
	"testing"

	"losttrn/internal/report"
	"losttrn/internal/report/sheet/sheettest"
)

func init() {
	openWorkbook = func(t *testing.T, dir string, lists map[string][][]string) {
		t.Helper()
		file := filepath.Join(dir, report.WorkbookFile)
		book := sheettest.Open(t, file)
		for name, rows := range lists {
			sheettest.SamePage(t, name, book[name], rows)
		}
		drawn := sheettest.Draw(t, file)
		for name, rows := range lists {
			if len(rows) > 1 && !strings.Contains(drawn, strings.TrimPrefix(rows[1][0], "'")[:10]) {
				t.Errorf("LibreOffice does not show the first row of %s, %q", name, rows[1][0])
			}
		}
	}
}
