package endtoend_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/loadcmd"
)

// addresses are such as GOV.UK Notify takes, in the ways that an extract and a person may write one mailbox's, and where
// mail to it goes.
var addresses = []struct{ extract, typed, mail string }{
	{"ann@ab--cd.example", "Ann@AB--CD.example", "Ann@ab--cd.example"},
	{"bea@xn--zzzzzzzz99999.example", "bea@XN--zzzzzzzz99999.example", "bea@xn--zzzzzzzz99999.example"},
	{"c\u00a0ho@exa\u202fmple.org", "cho@exam\u00a0ple.org", "cho@example.org"},
	{".dee@example.org", ".dee\u200b@example.org", ".dee@example.org"},
	{"eve@bücher.example", "eve@xn--bcher-kva.example", "eve@xn--bcher-kva.example"},
}

// TestEveryAddressThatNotifyTakesIsTaken, in the extract, by the API and by the form: the record's own email is evidence,
// and the TRN arrives.
func TestEveryAddressThatNotifyTakesIsTaken(t *testing.T) {
	w := common
	people := make([]person, len(addresses))
	file := "trn,first_name,last_name,date_of_birth,email,updated_at\n"
	for i, address := range addresses {
		people[i] = w.newPerson(t, nil)
		p := people[i]
		file += fmt.Sprintf("%s,%s,%s,%s,%s,2025-01-01\n", p.trn, p.first, p.last, p.born, address.extract)
	}
	path := filepath.Join(t.TempDir(), "addresses.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := loadcmd.Run(context.WithoutCancel(t.Context()), []string{"-file", path, "-stack", filepath.Join(w.dir, "stack.json")}, &stdout, &stderr); code != 0 {
		t.Fatalf("%d: %s%s", code, stdout.String(), stderr.String())
	}
	for i, address := range addresses {
		t.Run(address.mail, func(t *testing.T) {
			p := people[i]
			// Name, date of birth and email are three kinds of evidence; without the email there are two.
			byAPI := w.lookUp(t, map[string]any{"email": address.typed, "firstName": p.first, "lastName": p.last, "dateOfBirth": p.born}, "trn_sent")
			w.arrives(t, byAPI, address.mail)

			v := &visitor{t: t, w: w, cookies: map[string]string{}}
			v.do("GET", "/email?new", nil)
			v.answers("/email", "email", address.typed)
			v.answers("/name", "firstName", p.first, "lastName", p.last, "nameChanged", "no")
			year, month, day := p.born[:4], p.born[5:7], p.born[8:]
			if next := v.answers("/date-of-birth", "dateOfBirth-day", day, "dateOfBirth-month", month, "dateOfBirth-year", year); next != "/check-answers" {
				t.Fatalf("the form does not find the record by its email, and asks %s", next)
			}
			if end := v.answers("/check-answers"); end != "/trn-found" {
				t.Fatalf("led to %s", end)
			}
			w.arrives(t, v.lookupID, address.mail)
		})
	}
}

// arrives waits for a lookup's decision, and checks where its TRN was sent.
func (w *fixture) arrives(t *testing.T, lookupID, to string) {
	t.Helper()
	w.decided(t, lookupID)
	for _, e := range w.outbox(t) {
		if e.Reference == lookupID+"-trn" && e.To != to {
			t.Errorf("sent to %q, want %q", e.To, to)
		}
	}
	if key := attribute.Text(w.item(t, "lookups", "lookupId", lookupID), "emailKey"); key == "" {
		t.Error("the mailbox is not recorded")
	}
}
