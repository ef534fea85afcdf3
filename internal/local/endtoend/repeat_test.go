package endtoend_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

// TestTenTimesWithOneKey sends one request ten times at once and ten times later.
func TestTenTimesWithOneKey(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	ids := make([]string, 20)
	var all sync.WaitGroup
	send := func(i int) {
		a := w.post(t, "/v1/lookups", p.fields(p.email), "key-"+p.trn[3:])
		if a.status != http.StatusOK || a.decoded.Outcome != "trn_sent" {
			t.Errorf("answered %d %s", a.status, a.body)
		}
		ids[i] = a.decoded.LookupID
	}
	for i := range 10 {
		all.Go(func() { send(i) })
	}
	all.Wait()
	w.wantDecision(t, ids[0], "unlocked[]")
	for i := 10; i < 20; i++ {
		send(i)
	}
	if slices.ContainsFunc(ids, func(id string) bool { return id != ids[0] }) {
		t.Errorf("more than one lookup: %v", ids)
	}
	w.settled(t)
	w.wantDecision(t, ids[0], "unlocked[]")
}

// TestAfterTheQueuesDeduplication delivers a match again as a message that the queue does not know, which is what a
// repeat looks like once the five minutes of the queue's deduplication have passed, and what a redrive looks like.
func TestAfterTheQueuesDeduplication(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	id := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.wantDecision(t, id, "unlocked[]")
	before := w.item(t, "lookups", "lookupId", id)
	for _, deduplication := range []string{"later", "much-later"} {
		w.enqueue(t, "matches", "group", id+deduplication, map[string]any{"version": 1, "lookupId": id, "trn": p.trn,
			"email": p.email, "name": "Someone Else", "matchedAt": "2026-11-22T10:00:00.000Z", "evidence": []string{"name"}})
		for _, kind := range []string{"trn", "unlocked"} {
			w.enqueue(t, "emails", id, id+kind+deduplication, map[string]any{"version": 1, "lookupId": id, "kind": kind,
				"email": p.email, "name": "Someone Else", "trn": p.trn})
		}
	}
	w.settled(t)
	w.wantDecision(t, id, "unlocked[]") // and one email of each kind
	after := w.item(t, "lookups", "lookupId", id)
	for name := range before {
		if attribute.Text(before, name) != attribute.Text(after, name) {
			t.Errorf("%s of the lookup changed", name)
		}
	}
}

// TestTheSameKeyWithOtherDetails is another lookup.
func TestTheSameKeyWithOtherDetails(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	first := w.post(t, "/v1/lookups", p.fields(p.email), "one key")
	fields := p.fields(p.email)
	fields["firstName"] = "Somebody"
	fields["nationalInsuranceNumber"] = ""
	second := w.post(t, "/v1/lookups", fields, "one key")
	if first.decoded.Outcome != "trn_sent" || second.decoded.Outcome != "no_match" || first.decoded.LookupID == second.decoded.LookupID {
		t.Errorf("%s then %s", first.body, second.body)
	}
}

// TestARecordedAnswerStands: the register changes, and the same request is answered as before.
func TestARecordedAnswerStands(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	first := w.post(t, "/v1/lookups", p.fields(p.email), "stands")
	w.wantDecision(t, first.decoded.LookupID, "unlocked[]")
	item := w.item(t, "teachers", "trn", p.trn)
	item["status"] = attribute.String("deactivated")
	w.put(t, "teachers", item)
	again := w.post(t, "/v1/lookups", p.fields(p.email), "stands")
	if again.body != first.body {
		t.Errorf("%s then %s", first.body, again.body)
	}
	w.lookUp(t, p.fields(p.email), "no_match") // without the key it is a new lookup

	// The other way round: nobody matched, and then the record is active again.
	none := w.post(t, "/v1/lookups", p.fields(p.email), "stands too")
	item["status"] = attribute.String("active")
	w.put(t, "teachers", item)
	stillNone := w.post(t, "/v1/lookups", p.fields(p.email), "stands too")
	if none.decoded.Outcome != "no_match" || stillNone.body != none.body {
		t.Errorf("%s then %s", none.body, stillNone.body)
	}
}

// TestUnreadableMessagesAreSetAside: each reaches the dead-letter queue alone, while its group and batch go on.
func TestUnreadableMessagesAreSetAside(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	valid := func(id string) map[string]any {
		return map[string]any{"version": 1, "lookupId": id, "trn": p.trn, "email": p.email, "name": "A B",
			"matchedAt": "2026-11-22T10:00:00.000Z", "evidence": []string{"name", "date_of_birth", "email"}}
	}
	later := valid("00000000-0000-4000-8000-000000000009")
	later["version"] = 2
	bad := map[string]any{"not json": "{", "a later version": later, "no TRN": map[string]any{"version": 1, "lookupId": "x"}}
	want := map[string]string{"not json": "unreadable", "a later version": "unknown_version", "no TRN": "incomplete"}
	id := "00000000-0000-4000-8000-00000000000" + p.trn[6:]
	for name, body := range bad {
		w.enqueue(t, "matches", "one group", name+p.trn, body)
	}
	w.enqueue(t, "matches", "one group", id+"last", valid(id))
	w.wantDecision(t, id, "unlocked[]")

	reasons := map[string]string{}
	client := w.SQSClient()
	waiting.Until(t, "all are set aside", func() bool {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(w.Queues["matchesDeadLetter"]),
			MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Messages {
			for name, body := range bad {
				if aws.ToString(m.Body) == text(t, body) {
					reasons[name] = aws.ToString(m.MessageAttributes["reason"].StringValue)
				}
			}
			if aws.ToString(m.MessageAttributes["source"].StringValue) == "" {
				t.Error("no source")
			}
			if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: aws.String(w.Queues["matchesDeadLetter"]),
				ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
		return len(reasons) == len(bad)
	})
	for name, reason := range want {
		if reasons[name] != reason {
			t.Errorf("%s: reason %q, want %q", name, reasons[name], reason)
		}
	}
}

func text(t testing.TB, body any) string {
	t.Helper()
	if s, ok := body.(string); ok {
		return s
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func (w *fixture) enqueue(t testing.TB, queue, group, deduplication string, body any) {
	t.Helper()
	_, err := w.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(w.Queues[queue]),
		MessageBody: aws.String(text(t, body)), MessageGroupId: aws.String(group), MessageDeduplicationId: aws.String(deduplication)})
	if err != nil {
		t.Fatal(err)
	}
}

// settled waits until nothing is queued or being processed.
func (w *fixture) settled(t testing.TB) {
	t.Helper()
	waiting.Until(t, "the queues are empty", func() bool {
		for _, queue := range []string{"matches", "emails"} {
			out, err := w.SQSClient().GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: aws.String(w.Queues[queue]), AttributeNames: []types.QueueAttributeName{"All"}})
			if err != nil {
				t.Fatal(err)
			}
			if out.Attributes["ApproximateNumberOfMessages"] != "0" || out.Attributes["ApproximateNumberOfMessagesNotVisible"] != "0" {
				return false
			}
		}
		return true
	})
}
