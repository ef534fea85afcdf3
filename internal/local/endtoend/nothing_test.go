package endtoend_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

var (
	linkToStory = regexp.MustCompile(`<a href="(/_local/lookups/[^"]+)">`)
	toldSection = regexp.MustCompile(`(?s)<ol id="told">(.*?)</ol>`)
)

// TestATeacherSaysSheGotNothing: eleven stories. An engineer who knows nothing but the address that the teacher gave finds
// her lookup in the list of lookups, follows its link, and reads the reason there.
func TestATeacherSaysSheGotNothing(t *testing.T) {
	t.Parallel()
	w, _ := fresh(t, map[string]string{"VisibilityTimeout": "1", "MaxReceiveCount": "500", "UnlockEvidence": "strong",
		"OwnerNotice": "off"})
	found := func(change func(attribute.Item), email string) string {
		p := w.newPerson(t, change)
		if email == "" {
			email = p.email
		}
		w.decided(t, w.lookUp(t, p.fields(email), "trn_sent"))
		return email
	}
	lost := func(email string, change func(p person, fields map[string]any)) string {
		p := w.newPerson(t, nil)
		fields := p.fields(email)
		change(p, fields)
		w.lookUp(t, fields, "no_match")
		return email
	}
	for _, story := range []struct {
		name string
		// happens returns the address that the teacher gave.
		happens func() string
		reason  string
	}{
		{"her name and a digit of her number are not those of her record", func() string {
			return lost("near@example.com", func(p person, f map[string]any) {
				f["firstName"], f["lastName"], f["nationalInsuranceNumber"] = "Wholly", "Different", mistyped(p.nino)
			})
		}, "Of one record date of birth agreed; National Insurance number nearly agreed; name contradicted it."},
		{"she has no record", func() string {
			return lost("nobody@example.com", func(_ person, f map[string]any) {
				f["firstName"], f["lastName"], f["dateOfBirth"], f["nationalInsuranceNumber"] = "No", "Body", "1931-01-01", "QQ999998A"
			})
		}, "No record has the National Insurance number, the email or the TRN that was given"},
		{"her record is deactivated", func() string {
			p := w.newPerson(t, func(i attribute.Item) { i["status"] = attribute.String("deactivated") })
			w.lookUp(t, p.fields("deactivated@example.com"), "no_match")
			return "deactivated@example.com"
		}, "It is not active, so nobody is found by it."},
		{"two records are alike", func() string {
			p := w.newPerson(t, nil)
			w.newPerson(t, func(i attribute.Item) {
				i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(p.first), attribute.String(p.last), attribute.String(p.born)
				i["nationalInsuranceNumber"], i["ninoKey"] = attribute.String(p.nino), attribute.String(p.nino[:8])
			})
			w.lookUp(t, p.fields("alike@example.com"), "helpdesk")
			return "alike@example.com"
		}, "because several records matched"},
		{"her mailbox does not exist", func() string {
			address := found(nil, "bounce-nothing@example.com")
			return address
		}, "could not be delivered: there is no such mailbox"},
		{"GOV.UK Notify is down", func() string {
			w.send(t, http.MethodPost, "/_local/outbox/faults", strings.NewReader(`{"status":500,"address":"waits@example.com"}`),
				map[string]string{"Content-Type": "application/json"})
			w.lookUp(t, w.newPerson(t, nil).fields("waits@example.com"), "trn_sent")
			return "waits@example.com"
		}, "A message waits in emails. Last: message to be retried, notify_500."},
		{"her account stayed locked, for an alert", func() string {
			return found(func(i attribute.Item) { i["alerts"] = alerts("") }, "")
		}, "The account was not unlocked, because the record had an open alert."},
		{"her account stayed locked, for a colleague at her mailbox", func() string {
			return found(nil, found(nil, "shared@example.com"))
		}, "The account was not unlocked, because the email address had found another TRN."},
		{"her account stayed locked, for a row of the register that was rejected", func() string {
			return found(func(i attribute.Item) { i["inDoubtSince"] = attribute.Time(time.Now()) }, "")
		}, "The account was not unlocked, because the record was in doubt"},
		{"her account stayed locked, because colleagues know what she gave", func() string {
			p := w.newPerson(t, func(i attribute.Item) {
				i["trainingProviders"] = attribute.MapList(attribute.Item{"name": attribute.String("University of Nothing")})
			})
			fields := p.fields(p.email)
			delete(fields, "nationalInsuranceNumber")
			fields["trainingProvider"] = "University of Nothing"
			w.wantDecision(t, w.lookUp(t, fields, "trn_sent"), "refused[evidence_open_to_others]")
			return p.email
		}, "because no National Insurance number, TRN or recorded email address agreed"},
		{"her account was not locked, so no second email came", func() string {
			return found(func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, "")
		}, "The account was not locked, so there was nothing to unlock."},
	} {
		address := story.happens()
		began := time.Now()
		waiting.Until(t, story.name+": "+story.reason, func() bool { return strings.Contains(w.read(t, address), story.reason) })
		t.Logf("%s: %d ms", story.name, time.Since(began).Milliseconds())
	}

	// The emails of a lookup are sent in order, and a notice would come before what says that the account is unlocked.
	p, own := w.withOwnAddress(t)
	id := w.lookUp(t, p.fields("elsewhere@example.com"), "trn_sent")
	waiting.Until(t, "both emails are sent", func() bool {
		return slices.ContainsFunc(w.outbox(t), func(e email) bool { return e.Reference == id+"-unlocked" })
	})
	if told := w.toOwners(t, own); len(told) != 0 {
		t.Errorf("the owner is told although notices are off: %v", told)
	}
}

// read finds the newest lookup of an address in the list of lookups as a person does, and returns the part of its page
// that tells what became of it.
func (w *fixture) read(t *testing.T, address string) string {
	t.Helper()
	link := linkToStory.FindStringSubmatch(w.page(t, "/_local/lookups?of="+url.QueryEscape(address)))
	if link == nil {
		return "nothing yet" // a line of the log takes a moment to arrive
	}
	told := toldSection.FindStringSubmatch(w.page(t, link[1]))
	if told == nil {
		return "nothing yet"
	}
	return html.UnescapeString(told[1])
}

// page is one of the stack's own pages as a browser is given it. It may hold a TRN, which no answer of the service may.
func (w *fixture) page(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get(w.Gateway + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, response.StatusCode, err)
	}
	return string(text)
}
