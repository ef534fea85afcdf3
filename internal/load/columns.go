package load

import "losttrn/internal/teacher"

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

// unreadable notes why the current cell cannot be read. A cell that is only evidence is dropped, so that the record
// keeps its stored value; any other cell rejects the row.
func (p *parser) unreadable(reason string) {
	switch p.column {
	case colEmail, colNINO, colProviders, colPrevious:
		p.problems = append(p.problems, problem{column: p.column, reason: reason, dropped: true})
	default:
		p.reject(reason)
	}
}

// cell reads one cell, given unchanged and trimmed; a blank one is "".
func (p *parser) cell(raw, text string) {
	switch p.column {
	case "":
		if text != "" {
			p.reject("a value under a column that has no name: is the row shifted?")
		}
	case colTRN:
		trn, err := teacher.ParseExtractTRN(raw)
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
		p.dateOfBirth(text)
	case colNINO:
		p.nino(raw, text)
	case colEmail:
		p.email(raw, text)
	case colProviders:
		p.list("trainingProviders", text, p.provider)
	case colStatus:
		p.status(text)
	case colFormerTRNs:
		p.formerTRNs(raw)
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
