package load

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"losttrn/internal/teacher"
)

// Refusal says why a file, or what was asked with it, was refused whole. It never repeats what stands in a file where
// a person's details may stand.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, a ...any) error { return &Refusal{fmt.Sprintf(format, a...)} }

// readHeader reads the header row. A blank cell is a column without a name.
func readHeader(in *rows) ([]string, error) {
	header, whole, err := headerRow(in)
	if err != nil {
		return nil, err
	}
	if known(header) == 0 {
		return nil, noHeader(in, header, whole)
	}
	return header, checkHeader(header)
}

// headerRow reads a row as a header, and its cells together as they stand.
func headerRow(in *rows) (header []string, whole string, err error) {
	row, err := in.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, "", refuse("the file is empty: its first line must name the columns")
	case err != nil:
		return nil, "", fmt.Errorf("read the header: %w", err)
	case row.bad != nil:
		return nil, "", refuse("the header cannot be read: %v", row.bad)
	}
	header = make([]string, len(row.cells))
	for i, cell := range row.cells {
		if strings.Contains(cell, "\r") {
			return nil, "", refuse("the file has the line ends of old Macs (CR alone): save it with CRLF or LF at the end of lines")
		}
		if !utf8.ValidString(cell) {
			return nil, "", refuse("the file is not UTF-8: save it as CSV in UTF-8")
		}
		header[i] = strings.ToLower(teacher.CleanText(cell))
	}
	return header, strings.ToLower(strings.Join(row.cells, ",")), nil
}

// known counts the columns of the register that a header names.
func known(header []string) int {
	count := 0
	for _, name := range header {
		if slices.Contains(columns, name) {
			count++
		}
	}
	return count
}

// linesAbove is how many lines above the header are looked past, to say that they are there.
const linesAbove = 10

// noHeader says what is wrong with a file whose first row names no column of the register.
func noHeader(in *rows, first []string, whole string) error {
	if len(first) == 1 {
		for _, separator := range []string{";", "\t", "|"} {
			if known(strings.Split(strings.ReplaceAll(whole, `"`, ""), separator)) > 0 {
				return refuse("the columns are not parted by commas: save the file with commas between the columns")
			}
		}
	}
	for _, cell := range first {
		if _, err := teacher.ParseExtractTRN(cell); err == nil {
			return refuse("the file has no header: its first line must name the columns: %s", strings.Join(columns, ", "))
		}
	}
	for range linesAbove {
		row, _, err := headerRow(in)
		if err != nil {
			break
		}
		if known(row) > 1 {
			return refuse("there is a title or another line above the header, which is in line %d: delete what is above it", in.lines.number)
		}
	}
	return refuse("the first line names none of the register's columns: %s", strings.Join(columns, ", "))
}

func checkHeader(header []string) error {
	var missing []string
	for _, name := range []string{colTRN, colDateOfBirth, colUpdatedAt} {
		if !slices.Contains(header, name) {
			missing = append(missing, name)
		}
	}
	if !slices.Contains(header, colFirstName) && !slices.Contains(header, colLastName) {
		missing = append(missing, colFirstName+" or "+colLastName)
	}
	var unknown []string
	for i, name := range header {
		switch {
		case name == "":
		case !slices.Contains(columns, name):
			unknown = append(unknown, unknownColumn(i, name, len(missing) == 0))
		case slices.Contains(header[:i], name):
			return refuse("the header names the column %s twice", name)
		}
	}
	if len(unknown) > 0 {
		return refuse("the header names columns that the register does not have: %s; it may have %s",
			strings.Join(unknown[:min(len(unknown), 5)], ", "), strings.Join(columns, ", "))
	}
	if len(missing) > 0 {
		return refuse("the header lacks columns that must be there: %s", strings.Join(missing, ", "))
	}
	return nil
}

var columnName = regexp.MustCompile(`^[a-z]+([_ ][a-z]+){0,4}$`)

// unknownColumn says which column it is. Its name is repeated only where the row is a header without doubt, because it
// could be a person's name.
func unknownColumn(at int, name string, header bool) string {
	if header && len(name) <= 40 && columnName.MatchString(name) {
		return fmt.Sprintf("%q", name)
	}
	return fmt.Sprintf("column %d", at+1)
}
