package register

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// matchingAttributes are what matching compares: what the indexes project, and mergedInto of a record read by
// its TRN.
var matchingAttributes = []string{"trn", "firstName", "middleName", "lastName", "previousNames", "dateOfBirth",
	"nationalInsuranceNumber", "emailKey", "trainingProviders", "status", "formerTrns", "mergedInto"}

// indexes are those by which records are found: the attribute that each is of, and what a person gave for it, "" for
// nothing.
var indexes = []struct {
	name, attribute string
	value           func(*matching.Person) string
}{
	{"byDateOfBirth", "dateOfBirth", func(p *matching.Person) string {
		if !p.DateCanDecide() {
			return ""
		}
		return p.DateOfBirth.ISO()
	}},
	{"byNationalInsuranceNumber", "ninoKey", func(p *matching.Person) string { return p.NINO.Body() }},
	{"byEmail", "emailKey", func(p *matching.Person) string { return p.Email.Text() }},
}

// record reads what matching compares. A text that is no longer valid counts as absent: blank is never evidence.
func record(item attribute.Item) (teacher.Record, error) {
	trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
	if err != nil {
		return teacher.Record{}, fmt.Errorf("teachers item: trn: %w", err)
	}
	r := teacher.Record{
		TRN: trn,
		Name: teacher.Name{First: attribute.Text(item, "firstName"), Middle: attribute.Text(item, "middleName"),
			Last: attribute.Text(item, "lastName")},
		Status:     teacher.Status(attribute.Text(item, "status")),
		FormerTRNs: formerTRNs(item),
	}
	for _, m := range attribute.Maps(item, "previousNames") {
		r.PreviousNames = append(r.PreviousNames,
			teacher.Name{First: attribute.Text(m, "firstName"), Last: attribute.Text(m, "lastName")})
	}
	for _, m := range attribute.Maps(item, "trainingProviders") {
		r.Providers = append(r.Providers,
			teacher.Provider{UKPRN: attribute.Text(m, "ukprn"), Name: attribute.Text(m, "name")})
	}
	if date, err := teacher.ParseDate(attribute.Text(item, "dateOfBirth")); err == nil {
		r.DateOfBirth = date
	}
	if nino, err := teacher.ParseNINO(attribute.Text(item, "nationalInsuranceNumber")); err == nil {
		r.NINO = nino
	}
	if email, err := teacher.ParseEmailKey(attribute.Text(item, "emailKey")); err == nil {
		r.Email = email
	}
	if into, err := teacher.ParseTRN(attribute.Text(item, "mergedInto")); err == nil {
		r.MergedInto = into
	}
	return r, nil
}

// account reads what unlocking judges. An alert that cannot be read, or whose end date cannot, is open: in doubt
// nothing is unlocked.
func account(trn teacher.TRN, item attribute.Item) teacher.Account {
	a := teacher.Account{TRN: trn, Status: teacher.Status(attribute.Text(item, "status")),
		FormerTRNs: formerTRNs(item), Locked: attribute.Flag(item, "locked")}
	for _, m := range attribute.Maps(item, "alerts") {
		alert := teacher.Alert{ID: attribute.Text(m, "id"), Type: attribute.Text(m, "type")}
		if start, err := teacher.ParseDate(attribute.Text(m, "startDate")); err == nil {
			alert.Start = start
		}
		if end, err := teacher.ParseDate(attribute.Text(m, "endDate")); err == nil {
			alert.End = end
		}
		a.Alerts = append(a.Alerts, alert)
	}
	if unreadable(item["alerts"], len(a.Alerts)) {
		a.Alerts = append(a.Alerts, teacher.Alert{Type: "unreadable"})
	}
	_, nothing := item["inDoubtSince"].(*types.AttributeValueMemberNULL)
	a.InDoubt = item["inDoubtSince"] != nil && !nothing
	return a
}

// unreadable reports whether there is more to an attribute than so many alerts.
func unreadable(alerts types.AttributeValue, read int) bool {
	switch v := alerts.(type) {
	case nil, *types.AttributeValueMemberNULL:
		return false
	case *types.AttributeValueMemberL:
		return len(v.Value) != read
	}
	return true
}

func formerTRNs(item attribute.Item) []teacher.TRN {
	var trns []teacher.TRN
	for _, text := range attribute.Texts(item, "formerTrns") {
		if trn, err := teacher.ParseTRN(text); err == nil {
			trns = append(trns, trn)
		}
	}
	return trns
}
