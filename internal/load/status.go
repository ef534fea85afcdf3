package load

import (
	"slices"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

// statusOf is a record's status, and the time of the row that set it.
type statusOf struct {
	status  teacher.Status
	into    string // the TRN of the record that a merged one was merged into
	at      string
	taken   bool // from the row
	differs bool // from the record's of the same time
}

// assumed is the time of a status that no row has set: any row that has a status wins over it.
const assumed = "0001-01-01T00:00:00.000Z"

// forbidding are the statuses, those that forbid more after those that forbid less.
var forbidding = []teacher.Status{teacher.Active, teacher.Deactivated, teacher.Merged, teacher.Deceased}

// nextStatus returns a record's status after a row; stored is the record before it, nil for none. A row without a
// status leaves that of an earlier row, so that a blank cell never undoes a merge, a death or a deactivation. Of two
// rows of one time, the one that forbids more wins.
func nextStatus(r *row, stored attribute.Item) statusOf {
	before := statusOf{status: teacher.Active, at: assumed}
	if stored != nil {
		before = statusOf{status: teacher.Status(attribute.Text(stored, "status")), into: attribute.Text(stored, "mergedInto"),
			at: attribute.Text(stored, "statusAt")}
		if before.at == "" {
			before.at = attribute.Text(stored, "updatedAt")
		}
	}
	if !r.status.given {
		return before
	}
	after := statusOf{status: r.status.status, into: r.status.into, at: r.updatedAt, taken: true}
	order := compareTimes(r.updatedAt, before.at)
	if order > 0 && joinsWithDay(stored, r.updatedAt) && dayOf(before.at) == dayOf(r.updatedAt) {
		order = 0 // a row of that day without a time may have said it
	}
	if order > 0 || before.at == assumed {
		return after
	}
	if order < 0 {
		return before
	}
	differs := after.status != before.status || after.into != before.into
	if after.rank() < before.rank() || after.rank() == before.rank() && after.into <= before.into {
		after = before
	}
	after.at, after.differs = max(r.updatedAt, before.at), differs
	return after
}

func (s statusOf) rank() int { return slices.Index(forbidding, s.status) }

// facts returns the status as it is stored in a record of a time. Where a status is of the record's own time, or the file
// has no such column, that is not written.
func (s statusOf) facts(updatedAt string, column bool) []fact {
	facts := []fact{{Name: "status", Value: attribute.String(string(s.status))}, {Name: "mergedInto"}, {Name: "statusAt"}}
	if s.into != "" {
		facts[1].Value = attribute.String(s.into)
	}
	if s.at != updatedAt && (column || s.at != assumed) {
		facts[2].Value = attribute.String(s.at)
	}
	return facts
}
