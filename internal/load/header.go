package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Refusal says why a file, or what was asked with it, was refused whole.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, a ...any) error { return &Refusal{fmt.Sprintf(format, a...)} }

// Columns of the file.
const (
	colTRN         = "trn"
	colFirstName   = "first_name"
	colMiddleName  = "middle_name"
	colLastName    = "last_name"
	colPrevious    = "previous_names"
	colDateOfBirth = "date_of_birth"
	colNINO        = "national_insurance_number"
	colEmail       = "email"
	colProviders   = "training_providers"
	colStatus      = "status"
	colFormerTRNs  = "former_trns"
	colAlerts      = "alerts"
	colLocked      = "locked"
	colLockedAt    = "locked_at"
	colUpdatedAt   = "updated_at"
)

var columns = []string{colTRN, colFirstName, colMiddleName, colLastName, colPrevious, colDateOfBirth, colNINO, colEmail,
	colProviders, colStatus, colFormerTRNs, colAlerts, colLocked, colLockedAt, colUpdatedAt}

// readHeader reads the header row; rows follow. Its errors are a *Refusal, or the reader's own.
func readHeader(in *rows) ([]string, error) {
	start, err := in.lines.in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\ufeff")):
		if _, err := in.lines.in.Discard(len("\ufeff")); err != nil {
			return nil, fmt.Errorf("read the file: %w", err)
		}
		in.lines.bytes += int64(len("\ufeff"))
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")), bytes.IndexByte(start, 0) >= 0:
		return nil, refuse("the file is not UTF-8 (it looks like UTF-16): save it as CSV in UTF-8")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("\x1f\x8b")):
		return nil, refuse("the file is compressed or a spreadsheet: save it as CSV in UTF-8")
	}
	row, err := in.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, refuse("the file is empty: its first line must name the columns")
	case err != nil:
		return nil, fmt.Errorf("read the header: %w", err)
	case row.bad != nil:
		return nil, refuse("the header cannot be read: %v", row.bad)
	}
	header := make([]string, len(row.cells))
	for i, cell := range row.cells {
		if !utf8.ValidString(cell) {
			return nil, refuse("the file is not UTF-8: save it as CSV in UTF-8")
		}
		header[i] = strings.ToLower(strings.TrimSpace(cell))
	}
	return header, checkHeader(header)
}

func checkHeader(header []string) error {
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t|") {
		return refuse("the columns are not parted by commas: save the file with commas between the columns")
	}
	var unknown, missing []string
	for i, name := range header {
		if !slices.Contains(columns, name) {
			unknown = append(unknown, fmt.Sprintf("%.60q", name))
		} else if slices.Contains(header[:i], name) {
			return refuse("the header names the column %s twice", name)
		}
	}
	if len(unknown) > 0 {
		return refuse("the header names columns that the register does not have: %s; it may have %s",
			strings.Join(unknown[:min(len(unknown), 5)], ", "), strings.Join(columns, ", "))
	}
	for _, name := range []string{colTRN, colDateOfBirth, colUpdatedAt} {
		if !slices.Contains(header, name) {
			missing = append(missing, name)
		}
	}
	if !slices.Contains(header, colFirstName) && !slices.Contains(header, colLastName) {
		missing = append(missing, colFirstName+" or "+colLastName)
	}
	if len(missing) > 0 {
		return refuse("the header lacks columns that must be there: %s", strings.Join(missing, ", "))
	}
	return nil
}
