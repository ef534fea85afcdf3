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

// Refusal is the error for a file, or options, that a load refuses: as a rule before anything is stored, but a damaged
// packed file and a deactivation only later, and then the stored rows stay. Its text never repeats parts of the file
// that may hold a person's details.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, a ...any) error { return &Refusal{fmt.Sprintf(format, a...)} }

// readHeader reads the header row. A blank cell is a column without a name.
func readHeader(in *rows) ([]string, error) {
	header, whole, err := headerRow(in)
	if err != nil {
		return nil, err
	}
	if countKnown(header) == 0 {
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

// countKnown returns how many columns of the register a header names.
func countKnown(header []string) int {
	count := 0
	for _, name := range header {
		if slices.Contains(columns, name) {
			count++
		}
	}
	return count
}

// linesAbove is how many lines are searched for a header that is not the first line, to name it in the refusal.
const linesAbove = 10

// noHeader returns the refusal of a file whose first row names no column of the register.
func noHeader(in *rows, first []string, whole string) error {
	if len(first) == 1 {
		for _, separator := range []string{";", "\t", "|"} {
			if countKnown(strings.Split(strings.ReplaceAll(whole, `"`, ""), separator)) > 0 {
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
		if countKnown(row) > 1 {
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

// unknownColumn describes an unknown column. It repeats the column's name only if the row is certainly a header,
// because the name could be a person's.
func unknownColumn(at int, name string, header bool) string {
	if header && len(name) <= 40 && columnName.MatchString(name) {
		return fmt.Sprintf("%q", name)
	}
	return fmt.Sprintf("column %d", at+1)
}
