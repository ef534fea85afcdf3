package helpdesk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
)

// TestAnErasureSaysWhatItCouldNotLookAt: a message that a function handles cannot be received. The erasure takes all else
// away, says when to come back, and ends as not done; the same command later takes that message too.
func TestAnErasureSaysWhatItCouldNotLookAt(t *testing.T) {
	o := newOffice(t)
	o.people()
	client, url := o.servers.SQSClient(), aws.String(o.servers.Queues["matches"])
	handled := o.handle("matches")
	change, err := o.desk.Erase(t.Context(), subjects["Bo by email"](o))
	if err != nil {
		t.Fatal(err)
	}
	did, err := change.Do(t.Context())
	said := strings.Join(did, "\n")
	if !errors.Is(err, helpdesk.ErrUnfinished) || !strings.Contains(said, "In the queue "+name(*url)+" could not be looked at: 3 messages that a function handles and 2 messages behind others of the same group") ||
		!strings.Contains(said, "keeps a message for 14 days at most") {
		t.Errorf("%v:\n%s", err, said)
	}
	for _, item := range localtest.Items(t, o.servers, "lookups") {
		if strings.Contains(show(item), "bo@example.com") {
			t.Error("its lookups are left because of a message")
		}
	}
	for _, handle := range handled {
		_, err := client.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: &handle, VisibilityTimeout: 0})
		if err != nil {
			t.Fatal(err)
		}
	}
	o.do(o.desk.Erase(t.Context(), subjects["Bo by email"](o)))
	for _, m := range localtest.Drain(t, o.servers, "matches") {
		if strings.Contains(*m.Body, "bo@example.com") {
			t.Errorf("it is still queued: %s", *m.Body)
		}
	}
}

// handle receives the first message of each group of a queue, as a function does, so that the others of the group stand
// behind it. It returns their receipt handles.
func (o *office) handle(queue string) (handled []string) {
	o.Helper()
	for {
		out, err := o.servers.SQSClient().ReceiveMessage(o.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(o.servers.Queues[queue]), MaxNumberOfMessages: 1})
		if err != nil {
			o.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return handled
		}
		handled = append(handled, *out.Messages[0].ReceiptHandle)
	}
}

func name(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// TestAllIsFoundForAnAccessRequest: tables, waiting messages and dead letters, what has expired and is not deleted yet, and
// a sentence for each place that cannot be searched. It leaves everything where it is.
func TestAllIsFoundForAnAccessRequest(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.now = noon.AddDate(0, 19, 0)
	for _, handled := range []bool{false, false, true} {
		want := map[string]int{"matches": 2, "emails": 2, "matchesDeadLetter": 2, "emailsDeadLetter": 4}
		elsewhere := []string{"Backups", "Exports", "GOV.UK Notify", "limits"}
		if handled {
			o.handle("matches")
			want["matches"] = 0
			elsewhere = append(elsewhere, "messages that a function handles and 2 messages behind others of the same group")
		}
		all, err := o.desk.FindAll(t.Context(), helpdesk.Subject{Email: o.email("ann@example.com")})
		if err != nil {
			t.Fatal(err)
		}
		if len(all.Lookups) != 3 || len(all.Requests) != 1 || len(all.Mailboxes) != 1 || len(all.Teachers) != 1 {
			t.Errorf("%d lookups, %d requests, %d mailboxes, %d records", len(all.Lookups), len(all.Requests), len(all.Mailboxes), len(all.Teachers))
		}
		found := map[string]int{}
		for _, m := range all.Messages {
			found[m.Queue]++
			if !strings.Contains(strings.ToLower(m.Body), "ann") {
				t.Errorf("a message about somebody else: %s", m.Body)
			}
		}
		for queue, want := range want {
			if got := found[name(o.servers.Queues[queue])]; got != want {
				t.Errorf("%d of %d messages of %s", got, want, queue)
			}
		}
		for _, want := range elsewhere {
			if !slices.ContainsFunc(all.Elsewhere, func(s string) bool { return strings.Contains(s, want) }) {
				t.Errorf("nothing is said of %s", want)
			}
		}
	}
}
