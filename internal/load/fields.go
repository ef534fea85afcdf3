package load

import (
	"strings"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/message"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func (p *parser) nino(text string) {
	nino, err := teacher.ParseNINO(text)
	if text != "" && err != nil {
		p.reject("not a National Insurance number")
		return
	}
	p.text("nationalInsuranceNumber", nino.Normalised())
	p.text("ninoKey", nino.Body())
}

func (p *parser) email(text string) {
	email, err := teacher.ParseEmail(text)
	if text != "" && err != nil {
		p.reject("not the address of one mailbox")
		return
	}
	p.text("email", email.Typed())
	p.text("emailKey", email.Key().Text())
}

func (p *parser) status(text string) {
	name, into, colon := strings.Cut(strings.ToLower(text), ":")
	switch status := teacher.Status(strings.TrimSpace(name)); {
	case text == "":
		p.stands(teacher.Active)
	case status == teacher.Merged:
		survivor, err := teacher.ParseTRN(into)
		if err != nil {
			p.reject("merged without the seven digits of the other TRN: merged:<trn>")
			return
		}
		p.text("status", string(status))
		p.text("mergedInto", survivor.Digits())
	case !colon && (status == teacher.Active || status == teacher.Deactivated || status == teacher.Deceased):
		p.stands(status)
	default:
		p.reject("none of active, deactivated, merged:<trn>, deceased")
	}
}

// stands is the status of a record that is not merged into another.
func (p *parser) stands(status teacher.Status) {
	p.text("status", string(status))
	p.clear("mergedInto")
}

func (p *parser) locked(text string) {
	switch strings.ToLower(text) {
	case "":
	case "true":
		p.row.lock.given, p.row.lock.locked = true, true
	case "false":
		p.row.lock.given = true
	default:
		p.reject("neither true nor false nor blank")
	}
}

// date reads YYYY-MM-DD.
func (p *parser) date(text string) (string, bool) {
	date, err := teacher.ParseDate(text)
	if err != nil {
		p.reject("not a date of the form YYYY-MM-DD")
		return "", false
	}
	return date.ISO(), true
}

// moment reads a time, or a date as its first moment in UTC, and gives it in the tables' form.
func (p *parser) moment(text string) (string, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil && len(text) > len(time.DateOnly) {
		// RFC 3339 allows a space for the T.
		t, err = time.Parse(time.RFC3339, text[:len(time.DateOnly)]+strings.Replace(text[len(time.DateOnly):], " ", "T", 1))
	}
	if t = t.UTC(); err != nil || t.Year() < 1 || t.Year() > 9999 {
		p.reject("not a time of the form 2025-06-30T14:05:00Z, or a date")
		return "", false
	}
	return t.Format(message.TimeFormat), true
}

// list reads a list of parts that semicolons separate; blank parts are passed over, and a list of none clears the
// attribute.
func (p *parser) list(name, text string, read func(string) types.AttributeValue) {
	var values []types.AttributeValue
	before := len(p.problems)
	for part := range strings.SplitSeq(text, ";") {
		if part = teacher.CleanText(part); strings.Trim(part, "| ") == "" {
			continue
		}
		if value := read(part); value != nil {
			values = append(values, value)
			p.size += 4
		}
		if len(p.problems) > before { // one for each cell
			return
		}
	}
	if len(values) == 0 {
		p.clear(name)
		return
	}
	p.size += len(name)
	p.row.facts = append(p.row.facts, fact{name, &types.AttributeValueMemberL{Value: values}})
}

// mapping is a map of a list, blank entries left out.
func (p *parser) mapping(namesAndTexts ...string) types.AttributeValue {
	m := make(attribute.Item, len(namesAndTexts)/2)
	for i := 0; i < len(namesAndTexts); i += 2 {
		attribute.Put(m, namesAndTexts[i], namesAndTexts[i+1])
		p.size += len(namesAndTexts[i]) + len(namesAndTexts[i+1]) + 1
	}
	return attribute.Map(m)
}

func split(part string) []string {
	pieces := strings.Split(part, "|")
	for i := range pieces {
		pieces[i] = teacher.CleanText(pieces[i])
	}
	return pieces
}

func (p *parser) previousName(part string) types.AttributeValue {
	names := split(part)
	if len(names) != 2 {
		p.reject("a previous name is not of the form First|Last")
		return nil
	}
	return p.mapping("firstName", names[0], "lastName", names[1])
}

func (p *parser) provider(part string) types.AttributeValue {
	pieces := split(part)
	if len(pieces) != 2 {
		p.reject("a training provider is not of the form UKPRN|name")
		return nil
	}
	if pieces[0] != "" && !teacher.IsUKPRN(pieces[0]) {
		p.reject("the UKPRN of a training provider is not eight digits")
		return nil
	}
	return p.mapping("ukprn", pieces[0], "name", pieces[1])
}

func (p *parser) formerTRN(part string) types.AttributeValue {
	trn, err := teacher.ParseTRN(part)
	if err != nil {
		p.reject("a former TRN is not seven digits")
		return nil
	}
	p.size += len(trn.Digits())
	return attribute.String(trn.Digits())
}

// alert is strict: an alert misread could unlock the account of somebody who is prohibited from teaching.
func (p *parser) alert(part string) types.AttributeValue {
	pieces := split(part)
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
	if pieces[3] != "" {
		end, err := teacher.ParseDate(pieces[3])
		if err != nil {
			p.reject("the end of an alert is neither blank nor a date of the form YYYY-MM-DD")
			return nil
		}
		if start.After(end) {
			p.reject("an alert ends before it starts")
			return nil
		}
	}
	return p.mapping("id", pieces[0], "type", pieces[1], "startDate", pieces[2], "endDate", pieces[3])
}
