package lookup_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
)

// What people are called, and what they type where a name is asked for.
var words = []string{"Ali", "ali", "ALI", "Ann", "Anne", "Jane", "Sarah", "Sarahjane", "Bob", "Robert", "Li", "Lo", "De", "van", "der", "bin", "al", "Mr", "Dr",
	"Prof.", "Sir", "J", "J.", "O'Brien", "O’Brien", "OBrien", "St", "Saint", "Mac", "MacDonald", "Mc", "Abdul", "Abdur", "Rahman", "Mohammed", "Md", "Singh", "Kaur",
	"Zoë", "Müller", "Mueller", "Ångström", "Łukasz", "李", "小龙", "Ελένη", "Алёна", "محمد", "नेहा", "ﬁ", "ı", "İ", "ß", "e\u0301", "né", "(Smith)", "Smith-Jones", "Smith - Jones",
	"Jr", "III", "&", "and", "-", "'", "\u200d", "Ngô", "Nguyễn"}

var domains = []string{"example.com", "EXAMPLE.com", "gmail.com", "googlemail.com", "sußex.ac.uk", "xn--suex-nqa.ac.uk", "例え.jp", "sub.example.co.uk"}

var locals = []string{"ann", "Ann", "a.n.n", "ann+1", "+ann+1", "o'brien", "jo_e", "x"}

var ninos = []string{"", "QQ123456C", "qq 12 34 56", "QQ654321", "QQ123456M", "TN010180F", "AA123456A", "QQOI3456"}

var providersTyped = []string{"", "10007799", "University of Nowhere", "The University of Nowhere Ltd", "Nowhere & Elsewhere", "---", "李", "n/a"}

func drawName(t *rapid.T, name string, least int) string {
	text := ""
	for i, word := range rapid.SliceOfN(rapid.SampledFrom(words), least, 9).Draw(t, name) {
		if i > 0 {
			text += rapid.SampledFrom([]string{" ", "-", "  ", ", ", "/"}).Draw(t, "between")
		}
		text += word
	}
	return text
}

func drawDetails(t *rapid.T) lookup.Details {
	text := func(name string, from []string) string { return rapid.SampledFrom(from).Draw(t, name) }
	d := lookup.Details{Email: text("local part", locals) + "@" + text("domain", domains), FirstName: drawName(t, "first name", 1), MiddleName: drawName(t, "middle name", 0),
		LastName: drawName(t, "last name", 1), PreviousFirstName: drawName(t, "first name before", 0), PreviousLastName: drawName(t, "last name before", 0),
		DateOfBirth: lookup.TypedDate{Day: text("day", []string{"1", "31"}), Month: text("month", []string{"1", "5", "january"}), Year: text("year", []string{"1980", "1970"})},
		NINO:        text("NINO", ninos), TRN: text("TRN", []string{"", "", "1000001", "0000000", "RP10/00002"}), TrainingProvider: text("provider", providersTyped)}
	switch rapid.IntRange(0, 4).Draw(t, "one name") {
	case 0:
		d.LastName = d.FirstName
	case 1:
		d.PreviousFirstName, d.PreviousLastName = d.FirstName, d.LastName
	}
	return d
}

// asker is somebody who asks, and what her record holds, if she has one.
type asker struct {
	given, recorded lookup.Details
	hasRecord       bool
}

// TestWhoeverAsksIsAnswered: while nothing is down no details that pass the checks, of nobody or of somebody whose record is
// written as oddly as they are, end with a failure, and asking again with the same key is answered alike.
func TestWhoeverAsksIsAnswered(t *testing.T) {
	const askers = 40
	w := newFixtureTrying(t, plenty, 3) // as the service: of a thousand calls one may meet a connection that ends
	w.people()
	w.service.Providers = listed{"10007799": "University of Nowhere"}
	drawn := rapid.Custom(func(t *rapid.T) asker {
		return asker{drawDetails(t), drawDetails(t), rapid.Bool().Draw(t, "recorded")}
	})
	asked := 0
	for seed := range askers {
		a := drawn.Example(seed)
		if a.hasRecord {
			w.teacher("1000040", func(i attribute.Item) {
				r := a.recorded
				i["firstName"], i["lastName"], i["middleName"] = attribute.String(r.FirstName), attribute.String(r.LastName), attribute.String(r.MiddleName)
				i["previousNames"] = attribute.MapList(attribute.Item{"firstName": attribute.String(r.PreviousFirstName), "lastName": attribute.String(r.PreviousLastName)},
					attribute.Item{"firstName": attribute.String(r.FirstName), "lastName": attribute.String(r.FirstName)})
				i["trainingProviders"] = attribute.MapList(attribute.Item{"ukprn": attribute.String("10007799"), "name": attribute.String("University of Nowhere")},
					attribute.Item{"name": attribute.String("University of Nowhere")}, attribute.Item{"ukprn": attribute.String("10007799")})
				i["formerTrns"] = attribute.Strings([]string{"1000002", "1000002", "1000040"})
			})
		}
		query, problems := a.given.Check(day(t, "2026-11-22"))
		if len(problems) > 0 {
			continue
		}
		asked++
		if err := w.asks(query); err != nil {
			t.Errorf("asker %d, %+v: %v", seed, a, err)
		}
	}
	if asked < askers/2 {
		t.Errorf("only %d lookups passed the checks", asked)
	}
}

// asks asks as the form does: an early match, a lookup, the same again, and help if it found nothing.
func (w *fixture) asks(query lookup.Query) error {
	ctx := w.t.Context()
	w.next++
	request := lookup.Request{Query: query, IdempotencyKey: fmt.Sprintf("key-%d", w.next), Source: "203.0.113.9"}
	if _, err := w.service.Peek(ctx, request.Source, query); err != nil {
		return fmt.Errorf("early match: %w", err)
	}
	answer, err := w.service.Lookup(ctx, request)
	if err != nil {
		return err
	}
	again, err := w.service.Lookup(ctx, request)
	if err != nil || again.LookupID != answer.LookupID {
		return fmt.Errorf("again: %+v, %w", again, err)
	}
	if answer.Outcome != lookup.NoMatch {
		return nil
	}
	if err := w.service.RequestHelp(ctx, answer.LookupID, request); err != nil {
		return fmt.Errorf("help: %w", err)
	}
	return nil
}
