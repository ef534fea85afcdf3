package load

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// readAll gives each row as "line: cell|cell" or "line! what is wrong".
func readAll(t testing.TB, file string) []string {
	t.Helper()
	var all []string
	in := &rows{lines: newLines(strings.NewReader(file))}
	for {
		row, err := in.next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if row.bad != nil {
			all = append(all, fmt.Sprintf("%d! %v", row.line, row.bad))
		} else {
			all = append(all, fmt.Sprintf("%d: %s", row.line, strings.Join(row.cells, "|")))
		}
	}
}

func TestRows(t *testing.T) {
	long := strings.Repeat("x", maxRow)
	tests := []struct {
		name, file string
		want       []string
	}{
		{"nothing", "", nil},
		{"blank lines", "\n\r\n,,\n \n", []string{"4:  "}},
		{"plain", "a,b\nc,d\n", []string{"1: a|b", "2: c|d"}},
		{"no end of line", "a,b\nc,d", []string{"1: a|b", "2: c|d"}},
		{"CRLF", "a,b\r\nc,d\r\n", []string{"1: a|b", "2: c|d"}},
		{"blank cells", "a,,\n,,b\n", []string{"1: a||", "2: ||b"}},
		{"quoted", `"a","b,c","d ""e"""` + "\n", []string{`1: a|b,c|d "e"`}},
		{"blank and quoted", `a,"",""""` + "\n", []string{`1: a||"`}},
		{"over lines", "\"a\nb\",c\nd,\"e\r\n\r\nf\"\ng\n", []string{"1: a\nb|c", "3: d|e\n\nf", "6: g"}},
		{"quote inside", "a\"b,c\nd\n", []string{"1! " + errBareQuote.Error(), "2: d"}},
		{"blanks about quotes", " \"a\" , \"b, c\" \nd\n", []string{"1: a|b, c", "2: d"}},
		{"blanks before a quote inside", "a, b\"c\nd\n", []string{"1! " + errBareQuote.Error(), "2: d"}},
		{"text after a quote", "\"a\"b,c\nd\n", []string{"1! " + errAfterQuote.Error(), "2: d"}},
		{"never closed", "\"a,b\nc,d\ne\n", []string{"1! " + errOpenQuote.Error(), "2: c|d", "3: e"}},
		{"never closed on the last line", "a\n\"b", []string{"1: a", "2! " + errOpenQuote.Error()}},
		{"closed by another row's", "\"a,b\nc\n\"d\",e\nf\n", []string{"1! " + errAfterQuote.Error(), "2: c", "3: d|e", "4: f"}},
		{"wrong after lines", "\"a\nb\"c\nd\n", []string{"1! " + errAfterQuote.Error(), "2! " + errBareQuote.Error(), "3: d"}},
		{"just short enough", long + "\na\n", []string{"1: " + long, "2: a"}},
		{"too long", long + "x\na\n", []string{"1! " + errLongRow.Error(), "2: a"}},
		{"much too long", strings.Repeat(long, 3) + "\r\na\n", []string{"1! " + errLongRow.Error(), "2: a"}},
		{"too long over lines", "\"a\n" + long + "\",b\nc\n", []string{"1! " + errLongQuoted.Error(), "2! " + errLongRow.Error(), "3: c"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := readAll(t, test.file); !slices.Equal(got, test.want) {
				t.Errorf("%.300q, want %.300q", got, test.want)
			}
		})
	}
}

func TestAReadErrorIsNotTheEndOfTheFile(t *testing.T) {
	broken := errors.New("disk")
	for _, start := range []string{"a,b\nc", "a,b\n\"c", "a,b\n"} {
		in := &rows{lines: newLines(io.MultiReader(strings.NewReader(start), failing{broken}))}
		if row, err := in.next(); err != nil || len(row.cells) != 2 {
			t.Fatalf("%v, %v", row, err)
		}
		if _, err := in.next(); !errors.Is(err, broken) {
			t.Errorf("after %q: %v", start, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// FuzzRows holds the splitter against encoding/csv where that reads a file, and against its own promises elsewhere.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{"a,b\nc,d\n", "\"a\nb\",c\r\n", "\"a", "a\"b\n\"c\"d\n", "\"\"\"\n,\"\n", "\r\n\r,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		got := readAll(t, file)
		line := 0
		for _, row := range got {
			var at int
			if _, err := fmt.Sscanf(row, "%d", &at); err != nil || at <= line || at > strings.Count(file, "\n")+1 {
				t.Fatalf("row %q after line %d", row, line)
			}
			line = at
		}
		reader := csv.NewReader(strings.NewReader(file))
		reader.FieldsPerRecord = -1
		var want []string
		for {
			cells, err := reader.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			at, _ := reader.FieldPos(0)
			if slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
				want = append(want, fmt.Sprintf("%d: %s", at, strings.Join(cells, "|")))
			}
		}
		// encoding/csv takes a carriage return at the end of the file for part of the line's end, and so do we.
		if !slices.Equal(got, want) {
			t.Errorf("%q, encoding/csv reads %q", got, want)
		}
	})
}
