package load

import (
	"strings"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/message"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func (p *parser) nino(raw, text string) {
	nino, err := teacher.ParseExtractNINO(raw)
	if text != "" && err != nil {
		p.unreadable("not a National Insurance number")
		return
	}
	p.text("nationalInsuranceNumber", nino.Normalised())
	p.text("ninoKey", nino.Body())
}

func (p *parser) email(raw, text string) {
	email, err := teacher.ParseEmail(raw)
	if text != "" && err != nil {
		p.unreadable("not the address of one mailbox")
		return
	}
	p.text("email", email.Typed())
	p.text("emailKey", email.Key().Text())
}

func (p *parser) status(text string) {
	s := &p.row.status
	s.column, s.given = true, text != ""
	if !s.given {
		return
	}
	name, into, colon := strings.Cut(strings.ToLower(text), ":")
	s.status = teacher.Status(strings.TrimSpace(name))
	switch {
	case s.status == teacher.Merged:
		survivor, err := teacher.ParseExtractTRN(into)
		if err != nil {
			p.reject("merged without the seven digits of the other TRN: merged:<trn>")
			return
		}
		s.into = survivor.Digits()
	case colon || s.status != teacher.Active && s.status != teacher.Deactivated && s.status != teacher.Deceased:
		p.reject("none of active, deactivated, merged:<trn>, deceased")
	}
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

// Ages at which a teacher cannot have been born.
const (
	firstBirthYear = 1900
	youngest       = 16
)

func (p *parser) dateOfBirth(text string) {
	date, err := teacher.ParseDate(text)
	switch {
	case err != nil:
		p.reject("not a date of the form YYYY-MM-DD")
	case date.After(p.today):
		p.reject("a date of birth in the future")
	case date.Year() < firstBirthYear:
		p.reject("a date of birth before 1900")
	case date.AddYears(youngest).After(p.today):
		p.reject("a date of birth less than 16 years ago")
	default:
		p.birth = date
		p.text("dateOfBirth", date.ISO())
	}
}

// A time that a register can have written lies between these: before the first there were no registers that write
// times, and the first of 1970 is what a program writes for no time at all.
var firstMoment = time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)

const aheadAtMost = 24 * time.Hour

// moment reads a time, or a date as its first moment in UTC, and returns it in the tables' form.
func (p *parser) moment(text string) (string, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil && len(text) > len(time.DateOnly) {
		// RFC 3339 allows a space for the T.
		t, err = time.Parse(time.RFC3339, text[:len(time.DateOnly)]+strings.Replace(text[len(time.DateOnly):], " ", "T", 1))
	}
	t = t.UTC()
	switch {
	case err != nil || t.Year() < 1 || t.Year() > 9999:
		p.reject("not a time of the form 2025-06-30T14:05:00Z, or a date")
	case t.After(p.now.Add(aheadAtMost)):
		p.reject("more than a day in the future: it would win over every later row")
	case t.Before(firstMoment):
		p.reject("a time that stands for none: before 1970-01-02")
	default:
		return t.Format(message.TimeFormat), true
	}
	return "", false
}

// list reads a list of parts that semicolons separate; blank parts are passed over, and a list of none clears the
// attribute.
func (p *parser) list(name, text string, read func(string) types.AttributeValue) {
	var values []types.AttributeValue
	before := len(p.problems)
	for part := range strings.SplitSeq(text, ";") {
		if part = teacher.CleanText(part); part == "" {
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
	p.row.facts = append(p.row.facts, fact{Name: name, Value: &types.AttributeValueMemberL{Value: values}})
}

// mapping returns a map of a list, blank entries left out.
func (p *parser) mapping(namesAndTexts ...string) types.AttributeValue {
	m := make(attribute.Item, len(namesAndTexts)/2)
	for i := 0; i < len(namesAndTexts); i += 2 {
		attribute.Put(m, namesAndTexts[i], namesAndTexts[i+1])
		p.size += len(namesAndTexts[i]) + len(namesAndTexts[i+1]) + 1
	}
	return attribute.Map(m)
}

// split splits an entry of a list at its bars. A piece that can only be a mistake makes the cell unreadable.
func (p *parser) split(part string) []string {
	pieces := strings.Split(part, "|")
	for i := range pieces {
		pieces[i] = teacher.CleanText(pieces[i])
		switch {
		case placeholder(pieces[i]):
			p.unreadable(reasonPlaceholder)
			return nil
		case spreadsheetError(pieces[i]):
			p.unreadable(reasonSpreadsheet)
			return nil
		}
	}
	return pieces
}

// onlyBars reports whether an entry of a list contains nothing but bars.
func onlyBars(part string) bool { return strings.Trim(part, "| ") == "" }

func (p *parser) previousName(part string) types.AttributeValue {
	if onlyBars(part) {
		return nil
	}
	names := p.split(part)
	if names == nil {
		return nil
	}
	if len(names) != 2 {
		p.unreadable("a previous name is not of the form First|Last")
		return nil
	}
	return p.mapping("firstName", names[0], "lastName", names[1])
}

func (p *parser) provider(part string) types.AttributeValue {
	if onlyBars(part) {
		return nil
	}
	pieces := p.split(part)
	if pieces == nil {
		return nil
	}
	if len(pieces) != 2 {
		p.unreadable("a training provider is not of the form UKPRN|name")
		return nil
	}
	if pieces[0] != "" && !teacher.IsUKPRN(pieces[0]) {
		p.unreadable("the UKPRN of a training provider is not eight digits")
		return nil
	}
	return p.mapping("ukprn", pieces[0], "name", pieces[1])
}

// formerTRNs reads TRNs that semicolons separate. Numbers that administrators make up are left out.
func (p *parser) formerTRNs(raw string) {
	for part := range strings.SplitSeq(raw, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		trn, err := teacher.ParseExtractTRN(part)
		if err != nil {
			p.reject("a former TRN is not seven digits")
			return
		}
		p.size += len(trn.Digits()) + 4
		p.row.formers = append(p.row.formers, attribute.String(trn.Digits()))
	}
}
