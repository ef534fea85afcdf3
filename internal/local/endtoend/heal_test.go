package endtoend_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

// TestARecordedMatchHealsByItsKey loses the message of a match after the match was recorded and the TRN sent, before
// anything was decided. Nothing happens by itself any more; the same request with its key ends as if nothing had been
// lost, with one email of each kind.
func TestARecordedMatchHealsByItsKey(t *testing.T) {
	t.Parallel()
	w := startUndecided(t)
	p := w.newPerson(t, nil)
	first := w.post(t, "/v1/lookups", p.fields(p.email), "heals")
	id := first.decoded.LookupID
	waiting.Until(t, "the TRN is sent", func() bool { return slices.Contains(w.sent(t, id), "trn") })
	if _, err := w.SQSClient().PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: aws.String(w.Queues["matches"])}); err != nil {
		t.Fatal(err)
	}
	w.setSwitch(t, "on")
	w.settled(t)
	if item := w.item(t, "lookups", "lookupId", id); attribute.Text(item, "outcome") != "trn_sent" || attribute.Text(item, "unlockOutcome") != "" {
		t.Fatalf("the match is not recorded and undecided: %v", attribute.Text(item, "unlockOutcome"))
	}

	again := w.post(t, "/v1/lookups", p.fields(p.email), "heals")
	if again.body != first.body {
		t.Errorf("answered %s, want %s", again.body, first.body)
	}
	w.wantDecision(t, id, "unlocked[]")
	if w.locked(t, p) {
		t.Error("the account is still locked")
	}
}
