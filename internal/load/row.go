package load

import (
	"unicode/utf8"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// row is a row of the file as it would be stored.
type row struct {
	trn       teacher.TRN
	updatedAt string
	// facts are the attributes that the file has columns for, but for the lock; nil clears one.
	facts []fact
	lock  lock
}

// mergedInto is the TRN that the row says it was merged into.
func (r *row) mergedInto() (string, bool) {
	for _, f := range r.facts {
		if s, ok := f.value.(*types.AttributeValueMemberS); ok && f.name == "mergedInto" {
			return s.Value, true
		}
	}
	return "", false
}

// fact is an attribute and the value that the file gives it, nil for none.
type fact struct {
	name  string
	value types.AttributeValue
}

// lock is what the row says of the account.
type lock struct {
	given  bool // not blank
	locked bool
	at     string // when it was locked, "" if the row does not say
	hasAt  bool   // whether the file has the column
}

// problem is why a row is rejected: what is wrong in which column, "" if it is the whole row.
type problem struct{ column, reason string }

// maxItem is the most bytes of attributes that a row may make: an item holds 400 KB, with what the service adds.
const maxItem = 390_000

// parser turns rows of cells into rows to store.
type parser struct {
	header   []string
	problems []problem // of the present row
	row      row
	column   string // of the present cell
	size     int
}

// parse reads the cells of a row, or tells everything that is wrong with it. A rejected row has its TRN if that can be
// relied on: the cells are as many as the columns, and the TRN is one.
func (p *parser) parse(cells []string) (row, []problem) {
	p.problems, p.size = nil, 0
	p.row = row{facts: make([]fact, 0, len(p.header)+2)}
	if len(cells) != len(p.header) {
		p.column = ""
		if len(cells) < len(p.header) {
			p.reject("fewer cells than the header has columns")
		} else {
			p.reject("more cells than the header has columns: quote a cell that holds a comma")
		}
		return p.row, p.problems
	}
	named := false
	for i, cell := range cells {
		p.column = p.header[i]
		if !utf8.ValidString(cell) {
			p.reject("not UTF-8: save the file as CSV in UTF-8")
			continue
		}
		text := teacher.CleanText(cell)
		if p.column == colFirstName || p.column == colLastName {
			named = named || text != ""
		}
		p.cell(text)
	}
	if !named && len(p.problems) == 0 {
		p.column = colLastName
		p.reject("neither a first nor a last name")
	}
	if into, ok := p.row.mergedInto(); ok && into == p.row.trn.Digits() {
		p.column = colStatus
		p.reject("merged into itself")
	}
	if p.size > maxItem {
		p.column = ""
		p.reject("too large to store: more than 390 KB")
	}
	return p.row, p.problems
}

func (p *parser) reject(reason string) { p.problems = append(p.problems, problem{p.column, reason}) }

// cell reads one cell; blank is "".
func (p *parser) cell(text string) {
	switch p.column {
	case colTRN:
		trn, err := teacher.ParseTRN(text)
		if err != nil {
			p.reject("not seven digits")
		}
		p.row.trn = trn
	case colFirstName:
		p.text("firstName", text)
	case colMiddleName:
		p.text("middleName", text)
	case colLastName:
		p.text("lastName", text)
	case colPrevious:
		p.list("previousNames", text, p.previousName)
	case colDateOfBirth:
		if date, ok := p.date(text); ok {
			p.text("dateOfBirth", date)
		}
	case colNINO:
		p.nino(text)
	case colEmail:
		p.email(text)
	case colProviders:
		p.list("trainingProviders", text, p.provider)
	case colStatus:
		p.status(text)
	case colFormerTRNs:
		p.list("formerTrns", text, p.formerTRN)
	case colAlerts:
		p.list("alerts", text, p.alert)
	case colLocked:
		p.locked(text)
	case colLockedAt:
		p.row.lock.hasAt = true
		if text != "" {
			p.row.lock.at, _ = p.moment(text)
		}
	case colUpdatedAt:
		if at, ok := p.moment(text); ok {
			p.row.updatedAt = at
			p.text("updatedAt", at)
		}
	}
}

// text is a fact that is a string; blank clears it.
func (p *parser) text(name, text string) {
	if text == "" {
		p.clear(name)
		return
	}
	p.size += len(name) + len(text)
	p.row.facts = append(p.row.facts, fact{name, attribute.String(text)})
}

func (p *parser) clear(name string) { p.row.facts = append(p.row.facts, fact{name: name}) }
