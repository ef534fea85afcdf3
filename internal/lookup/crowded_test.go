package lookup_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
)

// crowding is a register that says that it has not read everybody who is born on a person's birthday.
type crowding struct{ lookup.Register }

func (c crowding) Candidates(ctx context.Context, p matching.Person) (matching.Candidates, error) {
	found, err := c.Register.Candidates(ctx, p)
	found.Crowded = true
	return found, err
}

// TestACrowdedBirthdayIsForTheHelpdesk: never no_match, whoever is among those that were read, and the form asks on.
func TestACrowdedBirthdayIsForTheHelpdesk(t *testing.T) {
	for name, d := range map[string]lookup.Details{"found among those read": ann(), "not among them": nobody()} {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t, plenty)
			w.people()
			w.service.Register = crowding{w.service.Register}
			a := w.lookup(w.request(d))
			if a.Outcome != lookup.Helpdesk {
				t.Fatalf("outcome %s", a.Outcome)
			}
			if why := attribute.Text(w.item("helpdeskRequests", a.LookupID), "why"); why != "crowded_birthday" {
				t.Errorf("why %q", why)
			}
			if sent := w.drain("matches"); len(sent) != 0 {
				t.Errorf("sent %v", sent)
			}
			if found, err := w.service.Peek(t.Context(), "192.0.2.1", w.query(d)); found || err != nil {
				t.Errorf("the form is told that one record matches, %v", err)
			}
		})
	}
}

// TestExampleNINOsAreSilentInProduction: in a record a NINO that begins with QQ is what an administrator made up.
func TestExampleNINOsAreSilentInProduction(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	d := ann()
	d.Email = "other@example.com" // so that name, date of birth and NINO are all that agrees
	if a := w.lookup(w.request(d)); a.Outcome != lookup.TRNSent {
		t.Fatalf("with the switch: %s", a.Outcome)
	}
	w.service.ExampleNINOs = false
	if a := w.lookup(w.request(d)); a.Outcome != lookup.NoMatch {
		t.Errorf("without the switch: %s", a.Outcome)
	}
	// Nor does it contradict the person's own.
	w.teacher("1000001", func(i attribute.Item) {
		i["trainingProviders"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{"name": attribute.String(d.TrainingProvider)})}}
	})
	d.NINO = "JS123456C"
	if a := w.lookup(w.request(d)); a.Outcome != lookup.TRNSent {
		t.Errorf("another number beside one that is made up: %s", a.Outcome)
	}
	w.service.ExampleNINOs = true
	if a := w.lookup(w.request(d)); a.Outcome != lookup.NoMatch {
		t.Errorf("with the switch it contradicts: %s", a.Outcome)
	}
}
