package load

import (
	"bytes"
	"errors"
	"io"
)

// The faults of a row's quoting, in the words of the rejects file.
var (
	errBareQuote  = errors.New(`a quote inside a cell that is not quoted: quote the cell and double the quote`)
	errAfterQuote = errors.New(`text after the closing quote of a cell: double a quote that is part of the text`)
	errOpenQuote  = errors.New(`a quote is never closed`)
	errLongRow    = errors.New(`the row is longer than 1 MiB`)
	errLongQuoted = errors.New(`a quote is never closed, or the row is longer than 1 MiB`)
)

// rawRow is a row's cells, and the physical line at which it begins.
type rawRow struct {
	line  int
	cells []string // valid until the next row is read; of a bad row those before the fault
	bad   error    // the fault of the row's quoting or length, nil for none
}

// rows splits lines into rows and cells, as RFC 4180 says: quoted cells may span lines, and a doubled quote in one is
// a quote. Blanks about a quoted cell are passed over.
//
// A row with faulty quoting ends at its first line, and reading continues at the next line, so that one stray quote
// does not swallow the rows after it.
type rows struct {
	lines  *lines
	packed bool   // whether the file is packed
	text   []byte // of the cells, one after the other
	ends   []int  // of each cell in text
	quoted bool   // in a quoted cell
	cells  []string
}

// next returns the next row that is not blank throughout, or io.EOF.
func (r *rows) next() (rawRow, error) {
	for {
		row, err := r.read()
		if err != nil || row.bad != nil {
			return row, err
		}
		for _, cell := range row.cells {
			if cell != "" {
				return row, nil
			}
		}
	}
}

// longestKey is how many bytes of a row that is too long are searched for its first cell.
const longestKey = 100

func (r *rows) read() (rawRow, error) {
	text, err := r.lines.next()
	if err != nil {
		return rawRow{}, err
	}
	r.text, r.ends, r.quoted = r.text[:0], r.ends[:0], false
	row := rawRow{line: r.lines.number}
	if len(text) > maxRow {
		row.bad = errLongRow
		if first, _, more := bytes.Cut(text[:longestKey], []byte(",")); more {
			row.cells = []string{string(first)}
		}
		return row, nil
	}
	var further []line
	row.bad = r.split(text)
	for row.bad == nil && r.quoted {
		text, err := r.lines.next()
		if errors.Is(err, io.EOF) {
			row.bad = errOpenQuote
			break
		}
		if err != nil {
			return rawRow{}, err
		}
		further = append(further, line{bytes.Clone(text), r.lines.raw})
		if len(r.text)+len(text) > maxRow {
			row.bad = errLongQuoted
			break
		}
		row.bad = r.split(text)
	}
	if row.bad != nil {
		r.lines.giveBack(further)
		row.cells = r.strings()
		return row, nil
	}
	row.cells = r.strings()
	return row, nil
}

// split adds a line's cells. If it ends inside a quoted cell, it sets quoted, and the next line continues the cell.
func (r *rows) split(line []byte) error {
	for {
		if !r.quoted {
			if start := bytes.TrimLeft(line, " "); len(start) > 0 && start[0] == '"' {
				r.quoted = true
				line = start[1:]
			}
		}
		if !r.quoted {
			cell, rest, more := bytes.Cut(line, []byte(","))
			if bytes.IndexByte(cell, '"') >= 0 {
				return errBareQuote
			}
			r.text = append(r.text, cell...)
			r.ends = append(r.ends, len(r.text))
			if !more {
				return nil
			}
			line = rest
			continue
		}
		inside, rest, closed := bytes.Cut(line, []byte(`"`))
		r.text = append(r.text, inside...)
		if after := bytes.TrimLeft(rest, " "); len(after) == 0 || after[0] == ',' {
			rest = after
		}
		switch {
		case !closed:
			r.text = append(r.text, '\n')
			return nil
		case len(rest) == 0:
			r.quoted = false
			r.ends = append(r.ends, len(r.text))
			return nil
		case rest[0] == '"':
			r.text = append(r.text, '"')
			line = rest[1:]
		case rest[0] == ',':
			r.quoted = false
			r.ends = append(r.ends, len(r.text))
			line = rest[1:]
		default:
			return errAfterQuote
		}
	}
}

// strings returns the cells as strings, which share one allocation.
func (r *rows) strings() []string {
	all := string(r.text)
	r.cells = r.cells[:0]
	from := 0
	for _, end := range r.ends {
		r.cells = append(r.cells, all[from:end])
		from = end
	}
	return r.cells
}
