package load

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// sniffed is how many bytes of a file are read to detect its format.
const sniffed = 1 << 16

const byteOrderMark = "\ufeff"

// signatures are the first bytes of formats that people mistake for an extract.
var signatures = []struct{ start, what string }{
	{"PK\x03\x04", "a spreadsheet (.xlsx, .ods) or a zip: save the sheet as CSV in UTF-8"},
	{"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save the sheet as CSV in UTF-8"},
	{"%PDF", "a PDF: export the data as CSV in UTF-8"},
	{"BZh", "packed with bzip2: unpack it, or pack it with gzip"},
	{"\xfd7zXZ", "packed with xz: unpack it, or pack it with gzip"},
	{"\x28\xb5\x2f\xfd", "packed with zstd: unpack it, or pack it with gzip"},
	{"7z\xbc\xaf", "packed with 7-Zip: unpack it, or pack it with gzip"},
	{"Rar!", "packed with RAR: unpack it, or pack it with gzip"},
	{"SQLite format 3", "an SQLite database: export the table as CSV in UTF-8"},
	{"PAR1", "a Parquet file: export the data as CSV in UTF-8"},
	{"{\\rtf", "a rich text document: save the data as CSV in UTF-8"},
	{"\xff\xfe", "not UTF-8 (it looks like UTF-16): save it as CSV in UTF-8"},
	{"\xfe\xff", "not UTF-8 (it looks like UTF-16): save it as CSV in UTF-8"},
}

// open reads a file's header; the rows follow. It fails with a *Refusal that says what the file is instead, or with the
// reader's error.
func open(r io.Reader) (*rows, []string, error) {
	packed := bufio.NewReaderSize(r, sniffed)
	start, err := peek(packed, 2)
	if err != nil {
		return nil, nil, err
	}
	isPacked := bytes.Equal(start, []byte("\x1f\x8b"))
	if isPacked {
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return nil, nil, refuse("the file is packed with gzip, and damaged: send it again")
		}
		r = cutShort{unpacked}
	} else {
		r = packed
	}
	in := &rows{lines: newLines(r), packed: isPacked}
	if start, err = peek(in.lines.in, sniffed); err != nil {
		return nil, nil, err
	}
	for bytes.HasPrefix(start, []byte(byteOrderMark)) { // some programs write two
		if _, err := in.lines.in.Discard(len(byteOrderMark)); err != nil {
			return nil, nil, fmt.Errorf("read the file: %w", err)
		}
		start = start[len(byteOrderMark):]
		in.lines.bytes += int64(len(byteOrderMark))
	}
	if what := otherThanExtract(start); what != "" {
		return nil, nil, refuse("the file is %s", what)
	}
	header, err := readHeader(in)
	return in, header, err
}

// checkTail refuses a file whose last row was cut off: the row has no line end, and fewer cells than the header has
// columns.
func checkTail(header []string, tail []byte) error {
	last := tail[bytes.LastIndexByte(tail, '\n')+1:]
	if len(last) == 0 || len(last) == len(tail) || bytes.IndexByte(last, '"') >= 0 {
		return nil // or a row over several lines, of which the tail does not tell
	}
	if cells := bytes.Count(last, []byte(",")) + 1; cells < newParser(header, time.Time{}).named {
		return refuse("the file is cut short: its last row has %d cells and the header %d columns; send it again", cells, len(header))
	}
	return nil
}

func peek(in *bufio.Reader, n int) ([]byte, error) {
	start, err := in.Peek(n)
	if err != nil && !errors.Is(err, io.EOF) {
		var refusal *Refusal
		if errors.As(err, &refusal) {
			return nil, err
		}
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return start, nil
}

// cutShort explains the error of a packed file that ends too early.
type cutShort struct{ unpacked io.Reader }

func (c cutShort) Read(p []byte) (int, error) {
	n, err := c.unpacked.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) {
			err = refuse("the packed file is cut short or damaged: what was stored stays; send the file again")
		}
	}
	return n, err
}

// otherThanExtract returns what a file is, by its first bytes, if it cannot be an extract, else "".
func otherThanExtract(start []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(start, []byte(s.start)) {
			return s.what
		}
	}
	text := strings.TrimLeft(string(start), " \t\r\n")
	lower := strings.ToLower(text[:min(len(text), 100)])
	switch {
	case len(start) == 0:
		return "empty: its first line must name the columns"
	case bytes.IndexByte(start, 0) >= 0:
		return "not UTF-8 (it looks like UTF-16), or not text: save it as CSV in UTF-8"
	case strings.HasPrefix(lower, "{") || strings.HasPrefix(lower, "[{"):
		return "JSON: export the data as CSV in UTF-8"
	case strings.HasPrefix(lower, "<?xml"):
		return "XML: export the data as CSV in UTF-8"
	case strings.HasPrefix(lower, "<"):
		return "a web page: perhaps the sign-in page of where it was fetched from"
	case strings.HasPrefix(lower, "sep="), strings.HasPrefix(lower, `"sep=`):
		return "one for Excel with a first line sep=: delete that line"
	case bytes.IndexByte(start, '\n') < 0 && bytes.IndexByte(start, '\r') >= 0:
		return "one with the line ends of old Macs (CR alone): save it with CRLF or LF at the end of lines"
	case otherEncoding(start):
		return "not UTF-8: save it as CSV in UTF-8"
	}
	return ""
}

// otherEncoding reports whether a text is in another encoding than UTF-8: it has more than two bytes that are not UTF-8,
// and no valid character of several bytes. A UTF-8 file with a damaged row is not.
func otherEncoding(start []byte) bool {
	const few = 2
	wrong := 0
	for len(start) >= utf8.UTFMax {
		r, size := utf8.DecodeRune(start)
		switch {
		case r == utf8.RuneError && size == 1:
			wrong++
		case size > 1:
			return false
		}
		start = start[size:]
	}
	return wrong > few
}
