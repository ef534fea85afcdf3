package load

import (
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// alertDates are the dates of an alert.
type alertDates struct{ start, end teacher.Date }

// alert reads an alert strictly, because an alert misread could unlock the account of somebody who is prohibited from
// teaching.
func (p *parser) alert(part string) types.AttributeValue {
	if onlyBars(part) {
		p.reject("an alert of nothing but bars")
		return nil
	}
	pieces := p.split(part)
	if pieces == nil {
		return nil
	}
	if len(pieces) == 3 {
		pieces = append(pieces, "")
	}
	if len(pieces) != 4 {
		p.reject("an alert is not of the form id|type|start|end")
		return nil
	}
	start, err := teacher.ParseDate(pieces[2])
	if err != nil || pieces[0] == "" {
		p.reject("an alert lacks its id or its start, a date of the form YYYY-MM-DD")
		return nil
	}
	dates := alertDates{start: start}
	if pieces[3] != "" {
		if dates.end, err = teacher.ParseDate(pieces[3]); err != nil {
			p.reject("the end of an alert is neither blank nor a date of the form YYYY-MM-DD")
			return nil
		}
		if start.After(dates.end) {
			p.reject("an alert ends before it starts")
			return nil
		}
	}
	if sentinel(dates.start) || sentinel(dates.end) {
		p.reject(reasonSentinel)
		return nil
	}
	p.alerts = append(p.alerts, dates)
	return p.mapping("id", pieces[0], "type", pieces[1], "startDate", pieces[2], "endDate", pieces[3])
}

const reasonSentinel = "a date of an alert that a program writes for no date, such as 1900-01-01: it says nothing of when the alert ends"

// oldestAlert is the first year of which a register can tell an alert.
const oldestAlert = 1940

// sentinel reports whether a date is what a program or a spreadsheet writes where it has none. Read as the end of an
// alert it would say that the alert has ended.
func sentinel(d teacher.Date) bool {
	return !d.IsZero() && d.Year() < oldestAlert || d.Month() == 1 && d.Day() == 1 && (d.Year() == 1970 || d.Year() == 1980)
}

// checkAlerts rejects alerts that a teacher cannot have had at that age.
func (p *parser) checkAlerts() {
	if p.birth.IsZero() {
		return
	}
	grown := p.birth.AddYears(youngest)
	for _, a := range p.alerts {
		if grown.After(a.start) || !a.end.IsZero() && grown.After(a.end) {
			p.column = colAlerts
			p.reject("an alert of somebody less than 16 years old")
			return
		}
	}
}
