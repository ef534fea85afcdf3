package queue_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"losttrn/internal/fault"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/message"
	"losttrn/internal/queue"
)

// receive takes what a queue has to give, as an event for a handler.
func receive(t *testing.T, s *local.Servers, url string) events.SQSEvent {
	t.Helper()
	var event events.SQSEvent
	for {
		out, err := s.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(url), MaxNumberOfMessages: 10,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return event
		}
		for _, m := range out.Messages {
			attributes := map[string]events.SQSMessageAttribute{}
			for name, value := range m.MessageAttributes {
				attributes[name] = events.SQSMessageAttribute{StringValue: value.StringValue, DataType: aws.ToString(value.DataType)}
			}
			event.Records = append(event.Records, events.SQSMessage{
				MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, Attributes: m.Attributes,
				MessageAttributes: attributes, EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:eu-west-2:000000000000:emails.fifo",
			})
		}
	}
}

// settle does with a queue what Lambda does after a batch: it deletes what was handled and hands the rest out again.
func settle(t *testing.T, s *local.Servers, url string, event events.SQSEvent, response events.SQSEventResponse) {
	t.Helper()
	failed := failures(response)
	for _, record := range event.Records {
		var err error
		if slices.Contains(failed, record.MessageId) {
			_, err = s.SQSClient().ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: aws.String(url), ReceiptHandle: aws.String(record.ReceiptHandle)})
		} else {
			_, err = s.SQSClient().DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: aws.String(url), ReceiptHandle: aws.String(record.ReceiptHandle)})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOverSQS: sent twice, received once, in order of the lookup; what cannot succeed is set aside with its
// reason and what failed comes again.
func TestOverSQS(t *testing.T) {
	s := localtest.Servers(t)
	url, deadURL := s.Queues["emails"], s.Queues["emailsDeadLetter"]
	sender := queue.NewSender(s.SQSClient(), url)
	var want []string
	for i := range 3 {
		id := fmt.Sprintf("0123456%d-89ab-4def-8123-456789abcdef", i)
		for _, kind := range []message.Kind{message.KindUnlocked, message.KindHelpdeskRequest} {
			email := message.Email{LookupID: id, Kind: kind, To: mustEmail(t, "ann@example.com"), Name: "Ann Example"}
			for range 2 { // the second is a retry after a lost acknowledgement
				if err := sender.SendEmail(t.Context(), email); err != nil {
					t.Fatal(err)
				}
			}
			want = append(want, email.Reference())
		}
	}

	var mu sync.Mutex
	var handled []string
	tries := map[string]int{}
	process := func(_ context.Context, record events.SQSMessage) error {
		email, err := message.ParseEmail(record.Body)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		reference := email.Reference()
		if tries[reference]++; reference == want[0] && tries[reference] == 1 {
			return fault.Unavailable
		}
		if reference == want[2] {
			return fault.New(fault.Invalid, "notify_400")
		}
		handled = append(handled, reference)
		return nil
	}
	batch := queue.NewBatch(process, queue.NewDeadLetters(s.SQSClient(), deadURL), slog.New(slog.DiscardHandler))
	var refused string
	for range 10 {
		event := receive(t, s, url)
		if len(event.Records) == 0 {
			break
		}
		for _, record := range event.Records {
			if email, err := message.ParseEmail(record.Body); err == nil && email.Reference() == want[2] {
				refused = record.Body
			}
		}
		response, err := batch.Handle(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		settle(t, s, url, event, response)
	}

	wantHandled := slices.Concat(want[:2], want[3:])
	slices.SortStableFunc(handled, func(a, b string) int { // by lookup, each in its own order
		return slices.Compare([]byte(a[:36]), []byte(b[:36]))
	})
	if diff := cmp.Diff(wantHandled, handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	letters := receive(t, s, deadURL).Records
	if len(letters) != 1 {
		t.Fatalf("%d dead letters, want 1", len(letters))
	}
	letter := letters[0]
	if letter.Body != refused || letter.Attributes["MessageGroupId"] != want[2][:36] ||
		aws.ToString(letter.MessageAttributes[queue.AttributeReason].StringValue) != "notify_400" ||
		aws.ToString(letter.MessageAttributes[queue.AttributeSource].StringValue) != "emails.fifo" {
		t.Errorf("dead letter %+v", letter)
	}
}

// TestMatchesOfAMailboxAreInOrder: the group that SendMatch chooses is one that SQS takes and keeps in order.
func TestMatchesOfAMailboxAreInOrder(t *testing.T) {
	s := localtest.Servers(t)
	url := s.Queues["matches"]
	sender := queue.NewSender(s.SQSClient(), url)
	addresses := []string{"ann@example.com", "Ann+tag@EXAMPLE.com", "bo@example.com", "ANN@example.com"}
	for i, address := range addresses {
		if err := sender.SendMatch(t.Context(), match(t, fmt.Sprint("lookup-", i), address)); err != nil {
			t.Fatal(err)
		}
	}
	var ofAnn, all []string
	for range addresses {
		event := receive(t, s, url)
		for _, record := range event.Records {
			m, err := message.ParseMatch(record.Body)
			if err != nil {
				t.Fatal(err)
			}
			if all = append(all, m.LookupID); m.LookupID != "lookup-2" {
				ofAnn = append(ofAnn, m.LookupID)
			}
		}
		settle(t, s, url, event, events.SQSEventResponse{})
	}
	if diff := cmp.Diff([]string{"lookup-0", "lookup-1", "lookup-3"}, ofAnn); diff != "" || len(all) != len(addresses) {
		t.Errorf("received %v; of one mailbox (-want +got):\n%s", all, diff)
	}
}
