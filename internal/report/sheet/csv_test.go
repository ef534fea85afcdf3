package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/teacher"
)

func TestBytesOfAFile(t *testing.T) {
	var file bytes.Buffer
	w := NewCSV(&file)
	w.Header([]Cell{Text("Email"), Text("TRN"), Text("First used (London)"), Text("Number")})
	w.Row([]Cell{Text(`o"neil@example.com`), Text("0012345"), Time(time.Date(2026, 7, 1, 12, 0, 0, 0, teacher.London())), Number(7)})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "\xef\xbb\xbfEmail,TRN,First used (London),Number\r\n\"o\"\"neil@example.com\",'0012345,2026-07-01T12:00:00.000+01:00,7\r\n"
	if file.String() != want || w.Rows != 1 {
		t.Errorf("got %q, %d rows", file.String(), w.Rows)
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"", ""},
		{"a@example.com", "a@example.com"},
		{"José", "José"},
		{"a,b", `"a,b"`},
		{"a\r\nb", "\"a\r\nb\""},
		{" a ", `" a "`},
		{"=1+1", "'=1+1"},
		{"+44@example.com", "'+44@example.com"},
		{"-x@example.com", "'-x@example.com"},
		{"@sum(1)", "'@sum(1)"},
		{"\t=1", "\"'\t=1\""},
		{"\r=1", "\"'\r=1\""},
		{"\n=1", "\"'\n=1\""},
		{"  =1", `"'  =1"`},
		{"\u200b=1", "'\u200b=1"},
		{"\ufeff=1", "'\ufeff=1"},
		{"＝1", "'＝1"},
		{"=\"x\",1", `"'=""x"",1"`},
		{"'t Hart", `"''t Hart"`},
		{"O'Brien", `"O'Brien"`},
		{"0", "0"},
		{"0012345", "'0012345"},
		{"1234567", "1234567"},
		{"00", "'00"},
		{"0.5", "'0.5"},
		{"12345678901234567", "'12345678901234567"},
		{"12e5", "'12e5"},
		{"1E+5", "'1E+5"},
		{"e5", "e5"},
		{"12e", "12e"},
		{"QQ123456C", "QQ123456C"},
		{"2026-11-22T09:30:00.000Z", "2026-11-22T09:30:00.000Z"},
		{"1970-01-02", "1970-01-02"},
	} {
		if got := string(appendCell(nil, c.cell)); got != c.want {
			t.Errorf("%q: %s, want %s", c.cell, got, c.want)
		}
	}
}

// FuzzNothingRunsAndNothingIsLost: as a strict reader sees it, no cell begins with what a spreadsheet runs, and
// taking one apostrophe off the front gives back what was put in.
func FuzzNothingRunsAndNothingIsLost(f *testing.F) {
	for _, cell := range []string{"=1", "+1", "-1", "@a", "\t=1", "\r", "'=1", "''", "0012345", `a"b`, "a\nb", " \u00a0=x"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var row bytes.Buffer
		w := &CSV{to: bufio.NewWriter(&row)}
		w.Row([]Cell{Text("before"), Text(cell), Text("after")})
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(&row)
		got, err := reader.Read()
		if err != nil || len(got) != 3 || got[0] != "before" || got[2] != "after" {
			t.Fatalf("%q is no row of three: %q, %v", cell, got, err)
		}
		read := got[1]
		if strings.ContainsAny(firstByte(read), "=+-@\t\r\n") {
			t.Fatalf("%q is run: %q", cell, read)
		}
		// encoding/csv reads CRLF within a cell as LF.
		if back := strings.TrimPrefix(read, "'"); back != strings.ReplaceAll(cell, "\r\n", "\n") {
			t.Fatalf("%q came back as %q", cell, back)
		}
	})
}

func firstByte(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}
