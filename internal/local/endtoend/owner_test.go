package endtoend_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

// withOwnAddress stores a teacher with an email address on the record.
func (w *fixture) withOwnAddress(t testing.TB) (p person, own string) {
	t.Helper()
	p = w.newPerson(t, func(item attribute.Item) {
		own = "owner-of-" + attribute.Text(item, "trn") + "@example.com"
		item["email"], item["emailKey"] = attribute.String(own), attribute.String(own)
	})
	return p, own
}

// toOwners are the notices sent to an address.
func (w *fixture) toOwners(t testing.TB, address string) []email {
	t.Helper()
	return slices.DeleteFunc(w.outbox(t), func(e email) bool { return e.Template != "owner_notice" || e.To != address })
}

// TestTheOwnerIsTold: whoever finds a number and has it sent elsewhere cannot keep that from the address on the record,
// which is told once, however often the messages are handled, and is told of nobody.
func TestTheOwnerIsTold(t *testing.T) {
	w := common
	p, own := w.withOwnAddress(t)
	other := w.newPerson(t, nil)
	a := w.post(t, "/v1/lookups", p.fields(other.email), "told once")
	id := a.decoded.LookupID
	waiting.Until(t, "the owner is told", func() bool { return len(w.toOwners(t, own)) == 1 })
	e := w.toOwners(t, own)[0]
	if e.Reference != id+"-owner_notice" || strings.Contains(e.Body, "((") {
		t.Errorf("reference %s, body %s", e.Reference, e.Body)
	}
	for _, secret := range []string{p.trn, p.first, p.last, p.nino, p.born, other.email, "Dear", id} {
		if strings.Contains(e.Subject+e.Body, secret) {
			t.Errorf("the notice holds %q", secret)
		}
	}

	// The person asks again, and both messages are handled again after the five minutes for which a queue knows them.
	w.post(t, "/v1/lookups", p.fields(other.email), "told once")
	w.enqueue(t, "matches", "again", id+"-again", map[string]any{"version": 1, "lookupId": id, "trn": p.trn, "email": other.email, "name": "Any Name",
		"matchedAt": "2026-11-22T12:00:00.000Z", "evidence": []string{"name", "date_of_birth", "national_insurance_number"}})
	w.enqueue(t, "emails", id, id+"-again", map[string]any{"version": 1, "lookupId": id, "kind": "owner_notice"})
	w.settled(t)
	if told := w.toOwners(t, own); len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
	if attribute.Text(w.item(t, "lookups", "lookupId", id), "ownerEmailedAt") == "" {
		t.Error("the lookup does not say when")
	}
}

// TestNoNoticeToOneself: in whatever spelling a person gives the address on the record, and whether it was among what
// found them or not.
func TestNoNoticeToOneself(t *testing.T) {
	w := common
	p, own := w.withOwnAddress(t)
	for _, spelling := range []string{own, strings.ToUpper(own), strings.Replace(own, "@", "+new@", 1)} {
		w.decided(t, w.lookUp(t, p.fields(spelling), "trn_sent"))
	}
	w.settled(t)
	if told := w.toOwners(t, own); len(told) != 0 {
		t.Errorf("told of %v", told)
	}
}

// TestNoForgedEmail: whoever may write to the queue has no number sent anywhere, cannot tell anybody of a lookup that found
// nothing, and of one that did nobody but its owner.
func TestNoForgedEmail(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	nothing := w.lookUp(t, map[string]any{"email": p.email, "firstName": "No", "lastName": "Body", "dateOfBirth": "1951-02-03"}, "no_match")
	found := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.decided(t, found)
	for _, id := range []string{nothing, found, "99999999-9999-4999-8999-999999999999"} {
		w.enqueue(t, "emails", id, id+"-forged", map[string]any{"version": 1, "lookupId": id, "kind": "owner_notice", "email": "forged@example.com"})
		w.enqueue(t, "emails", id+"-trn", id+"-forged-trn", map[string]any{"version": 1, "lookupId": id, "kind": "trn", "email": "forged@example.com",
			"trn": p.trn, "name": "Forged Name"})
	}
	w.settled(t)
	for _, e := range w.outbox(t) {
		if e.To == "forged@example.com" {
			t.Errorf("sent to %s: %s", e.To, e.Subject)
		}
	}
	aside := map[string]string{}
	waiting.Until(t, "four messages are set aside", func() bool {
		out, err := w.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(w.Queues["emailsDeadLetter"]),
			MessageAttributeNames: []string{"All"}, MaxNumberOfMessages: 10, VisibilityTimeout: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Messages {
			for _, id := range []string{nothing, "99999999-9999-4999-8999-999999999999"} {
				for _, kind := range []string{"trn", "owner_notice"} {
					if strings.Contains(*m.Body, id) && strings.Contains(*m.Body, `"`+kind+`"`) {
						aside[kind+" of "+id] = *m.MessageAttributes["reason"].StringValue
					}
				}
			}
		}
		return len(aside) == 4
	})
	for id, reason := range aside {
		if reason != "not_the_recorded_match" {
			t.Errorf("%s: %s", id, reason)
		}
	}
}
