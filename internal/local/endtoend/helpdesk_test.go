package endtoend_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
)

// TestATicketAtOnce asks the helpdesk in both ways, with a hostile note, and looks at what reaches the helpdesk's own
// mailbox and the person: a ticket with all that the helpdesk needs and nothing to click on, and an acknowledgement
// with the reference and nothing that was typed.
func TestATicketAtOnce(t *testing.T) {
	w := common
	one := w.newPerson(t, nil)
	twin := w.newPerson(t, func(i attribute.Item) {
		i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(one.first), attribute.String(one.last), attribute.String(one.born)
	})
	several := one.fields(one.email)
	delete(several, "nationalInsuranceNumber")
	for _, p := range []person{one, twin} { // both agree on name, birthday and email
		item := w.item(t, "teachers", "trn", p.trn)
		item["email"], item["emailKey"] = attribute.String(one.email), attribute.String(one.email)
		w.put(t, "teachers", item)
	}
	atOnce := w.lookUp(t, several, "helpdesk")

	nobody := map[string]any{"email": "ticket-nobody@example.com", "firstName": "Canary<b>Ann</b>", "lastName": "[Nobody](https://evil.example.com)",
		"dateOfBirth": "1933-03-13", "nationalInsuranceNumber": "QQ987654A"}
	asked := w.lookUp(t, nobody, "no_match")
	nobody["note"] = "# Urgent: see https://evil.example.com/login or www.evil.example.com"
	if a := w.post(t, "/v1/lookups/"+asked+"/helpdesk-requests", nobody, ""); a.status != http.StatusAccepted {
		t.Fatalf("answered %d %s", a.status, a.body)
	}

	for id, want := range map[string]struct {
		to     string
		ticket []string
	}{
		atOnce: {one.email, []string{"several records", one.trn, twin.trn, "First name: " + one.first, "Date of birth: " + one.born, "Email: " + one.email}},
		asked: {"ticket-nobody@example.com", []string{"matched no record", "Date of birth: 1933-03-13", "National Insurance number: QQ987654A",
			"Email: ticket-nobody@example.com", "Nobody", "Canary", "Urgent"}},
	} {
		waiting.Until(t, "the ticket and the acknowledgement are sent", func() bool { return len(w.sent(t, id)) == 2 })
		if got := w.sent(t, id); !slices.Equal(got, []string{"helpdesk_request", "helpdesk_ticket"}) {
			t.Errorf("sent %v", got)
		}
		for _, e := range w.outbox(t) {
			if !strings.HasPrefix(e.Reference, id) {
				continue
			}
			whole := e.Subject + "\n" + e.Body
			if !strings.Contains(whole, lookup.Reference(id)) {
				t.Errorf("%s: no reference in %q", e.Template, whole)
			}
			switch e.Template {
			case "helpdesk_ticket":
				if e.To != "helpdesk@example.com" {
					t.Errorf("the ticket went to %s", e.To)
				}
				for _, part := range want.ticket {
					if !strings.Contains(whole, part) {
						t.Errorf("no %q in the ticket:\n%s", part, whole)
					}
				}
			case "helpdesk_request":
				if e.To != want.to || !strings.Contains(whole, "5 working days") || strings.Contains(whole, "Canary") {
					t.Errorf("the acknowledgement to %s:\n%s", e.To, whole)
				}
			}
			for _, bad := range []string{"://evil", "www.evil", "evil.example", "<b>", "](", "# Urgent"} {
				if strings.Contains(whole, bad) {
					t.Errorf("%s holds %q:\n%s", e.Template, bad, whole)
				}
			}
		}
	}
}
