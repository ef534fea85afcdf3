package load

import (
	"time"
	"unicode/utf8"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// row is a row of the file as it would be stored.
type row struct {
	trn       teacher.TRN
	line      int
	updatedAt string // "" if a rejected row does not say it readably
	// rejected means that the row cannot be stored; it puts its record in doubt.
	rejected bool
	// facts are the attributes for which the file has columns, apart from those below. A nil value clears one.
	facts   []fact
	status  statusCell
	formers []types.AttributeValue // nil if the cell is blank
	lock    lock
}

// fact is an attribute and the value that the file gives it, nil for none.
type fact = register.Change

// statusCell is the row's cell for the record's status.
type statusCell struct {
	column bool // whether the file has the column
	given  bool // not blank
	status teacher.Status
	into   string // the TRN of the record that a merged one was merged into
}

// lock is the row's cells for the account.
type lock struct {
	given  bool // not blank
	locked bool
	at     string // when it was locked, "" if the row does not say
	hasAt  bool   // whether the file has the column
}

// problem is a fault and its column, "" for the whole row. A problem with a cell that is only evidence drops the cell;
// any other rejects the row.
type problem struct {
	column, reason string
	dropped        bool
}

// maxItem is the most bytes of attributes that a row may make: an item holds 400 KB, with what the service adds.
const maxItem = 390_000

// parser turns rows of cells into rows to store.
type parser struct {
	header   []string // "" for a column without a name
	named    int      // how many columns there are up to the last one with a name
	trnAt    int
	now      time.Time
	today    teacher.Date
	problems []problem // of the present row
	rejected bool
	row      row
	alerts   []alertDates
	birth    teacher.Date
	column   string // of the present cell
	size     int
}

func newParser(header []string, now time.Time) *parser {
	p := &parser{header: header, now: now, today: teacher.LondonDate(now)}
	for i, name := range header {
		if name != "" {
			p.named = i + 1
		}
		if name == colTRN {
			p.trnAt = i
		}
	}
	return p
}

// parse reads the cells of a row and collects all its problems. A rejected row keeps its TRN if that is reliable.
func (p *parser) parse(raw rawRow) (row, []problem) {
	p.problems, p.size, p.rejected, p.alerts, p.birth = nil, 0, false, p.alerts[:0], teacher.Date{}
	p.row = row{line: raw.line, facts: make([]fact, 0, len(p.header)+4)}
	if raw.bad != nil {
		return p.broken(raw.cells, raw.bad.Error())
	}
	cells := raw.cells
	switch {
	case len(cells) < p.named:
		return p.broken(cells, "fewer cells than the header has columns")
	case len(cells) > len(p.header):
		return p.broken(cells, "more cells than the header has columns: quote a cell that holds a comma")
	}
	named := false
	for i, cell := range cells {
		p.column = p.header[i]
		if !utf8.ValidString(cell) {
			p.unreadable("not UTF-8: save the file as CSV in UTF-8")
			continue
		}
		if reason := mistake(cell); reason != "" {
			p.unreadable(reason)
			continue
		}
		text := teacher.CleanText(cell)
		if p.column == colFirstName || p.column == colLastName {
			named = named || text != ""
		}
		p.cell(cell, text)
	}
	if !named && !p.rejected {
		p.column = colLastName
		p.reject("neither a first nor a last name")
	}
	p.checkAlerts()
	if p.row.status.into != "" && p.row.status.into == p.row.trn.Digits() {
		p.column = colStatus
		p.reject("merged into itself")
	}
	if p.size > maxItem {
		p.column = ""
		p.reject("too large to store: more than 390 KB")
	}
	p.row.rejected = p.rejected
	return p.row, p.problems
}

// broken returns the row for cells that do not fit the columns. Its TRN is reliable only in the first column, which a
// fault further on does not move.
func (p *parser) broken(cells []string, reason string) (row, []problem) {
	if p.trnAt == 0 && len(cells) > 0 {
		if trn, err := teacher.ParseExtractTRN(cells[0]); err == nil {
			p.row.trn = trn
		}
	}
	p.column = ""
	p.reject(reason)
	p.row.rejected = true
	return p.row, p.problems
}

// reject rejects the row with a reason.
func (p *parser) reject(reason string) {
	p.rejected = true
	p.problems = append(p.problems, problem{column: p.column, reason: reason})
}

// text adds a fact that is a string; blank clears it.
func (p *parser) text(name, text string) {
	if text == "" {
		p.clear(name)
		return
	}
	p.size += len(name) + len(text)
	p.row.facts = append(p.row.facts, fact{Name: name, Value: attribute.String(text)})
}

func (p *parser) clear(name string) { p.row.facts = append(p.row.facts, fact{Name: name}) }
