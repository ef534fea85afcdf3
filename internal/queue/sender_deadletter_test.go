package queue_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"losttrn/internal/queue"
)

func TestSetAside(t *testing.T) {
	cases := []struct {
		name               string
		group, arn         string
		wantGroup, wantSrc string
	}{
		{"as SQS hands it out", "group-1", "arn:aws:sqs:eu-west-2:123456789012:emails.fifo", "group-1", "emails.fifo"},
		{"made by hand", "", "", "message-1", "unknown"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			client := &outgoing{}
			letter := record("message-1", c.group, `{"version": 9}`, 1)
			letter.EventSourceARN = c.arn
			if err := queue.NewDeadLetters(client, queueURL).SetAside(t.Context(), letter, "unknown_version"); err != nil {
				t.Fatal(err)
			}
			in := client.sent[0]
			if aws.ToString(in.QueueUrl) != queueURL || aws.ToString(in.MessageBody) != `{"version": 9}` ||
				aws.ToString(in.MessageGroupId) != c.wantGroup || aws.ToString(in.MessageDeduplicationId) != "message-1" {
				t.Errorf("sent to %q: %q, group %q, deduplication id %q", *in.QueueUrl, *in.MessageBody, *in.MessageGroupId, *in.MessageDeduplicationId)
			}
			for name, want := range map[string]string{queue.AttributeReason: "unknown_version", queue.AttributeSource: c.wantSrc} {
				got := in.MessageAttributes[name]
				if aws.ToString(got.DataType) != "String" || aws.ToString(got.StringValue) != want {
					t.Errorf("attribute %s: %s %q, want %q", name, aws.ToString(got.DataType), aws.ToString(got.StringValue), want)
				}
			}
			if len(in.MessageAttributes) != 2 {
				t.Errorf("%d attributes, want 2", len(in.MessageAttributes))
			}
		})
	}
}

func TestSetAsideFailure(t *testing.T) {
	down := errors.New("down")
	err := queue.NewDeadLetters(failing{down}, queueURL).SetAside(t.Context(), record("message-1", "a", "{", 1), "unreadable")
	if !errors.Is(err, down) {
		t.Errorf("got %v, want %v", err, down)
	}
}
