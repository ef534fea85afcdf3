package endtoend_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
)

// member is somebody of a family that shares a mailbox and trained at one place.
type member struct{ first, last, born, nino string }

// family stores the record of one of its members, locked, and returns that member, the mailbox and the provider.
func family(t *testing.T, w *fixture, m member, email, provider string) person {
	t.Helper()
	p := w.newPerson(t, func(i attribute.Item) {
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(m.first), attribute.String(m.last), attribute.String(m.born)
		i["nationalInsuranceNumber"], i["ninoKey"] = attribute.String(m.nino), attribute.String(m.nino[:8])
		i["email"], i["emailKey"] = attribute.String(email), attribute.String(email)
		i["trainingProviders"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{"name": attribute.String(provider)})}}
	})
	p.first, p.last, p.born, p.nino, p.email = m.first, m.last, m.born, m.nino, email
	return p
}

func (m member) gives(email, provider string) map[string]any {
	return map[string]any{"email": email, "firstName": m.first, "lastName": m.last, "dateOfBirth": m.born,
		"nationalInsuranceNumber": m.nino, "trainingProvider": provider}
}

// TestNobodyIsSentTheTRNOfTheirFamily: a twin, and a son of his father's name, who share mailbox and provider, are not
// found by their own NINOs, nor without any, and nothing is unlocked; those whose records they are, are found, with their NINO or without.
func TestNobodyIsSentTheTRNOfTheirFamily(t *testing.T) {
	w := common
	const provider = "University of Example"
	for name, test := range map[string]struct {
		recorded, other member
		email           string
	}{
		"twins": {member{"Alice", "Harmer", "1985-03-02", "QQ111111A"}, member{"Bella", "Harmer", "1985-03-02", "QQ111112A"}, "harmers@example.com"},
		"twins whose numbers differ in more": {member{"Alice", "Horner", "1985-03-04", "QQ111113A"}, member{"Bella", "Horner", "1985-03-04", "QQ770044B"},
			"horners@example.com"},
		"father and son": {member{"John", "Tunstall", "1958-06-11", "QQ222222A"}, member{"John", "Tunstall", "1988-10-29", "QQ654873B"}, "tunstalls@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			p := family(t, w, test.recorded, test.email, provider)
			otherWithout := test.other
			otherWithout.nino = ""
			for _, other := range []member{test.other, otherWithout} {
				id := w.lookUp(t, other.gives(test.email, provider), "no_match")
				if !w.locked(t, p) {
					t.Fatalf("the account of the one was unlocked for the other, NINO %q", other.nino)
				}
				for _, e := range w.outbox(t) {
					if e.Reference[:min(len(id), len(e.Reference))] == id {
						t.Errorf("NINO %q: an email %s to %s", other.nino, e.Template, e.To)
					}
				}
			}
			without := test.recorded
			without.nino = ""
			w.wantDecision(t, w.lookUp(t, without.gives(test.email, provider), "trn_sent"), "unlocked[]")
			w.wantDecision(t, w.lookUp(t, test.recorded.gives(test.email, provider), "trn_sent"), "not_locked[]")
		})
	}
}
