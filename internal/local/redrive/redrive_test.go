package redrive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local/localtest"
	"losttrn/internal/local/redrive"
)

func TestMove(t *testing.T) {
	s := localtest.Servers(t)
	client, from, to := s.SQSClient(), s.Queues["emailsDeadLetter"], s.Queues["emails"]
	const messages = 25
	for i := range messages {
		body, group := fmt.Sprint("body ", i), fmt.Sprint("group ", i%2)
		input := &sqs.SendMessageInput{
			MessageBody: &body, MessageGroupId: &group, MessageDeduplicationId: aws.String(fmt.Sprint("id ", i)),
			MessageAttributes: map[string]types.MessageAttributeValue{"reason": {DataType: aws.String("String"), StringValue: aws.String("x")}},
		}
		// Each was in its queue before, which remembers the deduplication id.
		for _, queue := range []string{to, from} {
			input.QueueUrl = aws.String(queue)
			if _, err := client.SendMessage(t.Context(), input); err != nil {
				t.Fatal(err)
			}
		}
	}
	drain(t, client, to)

	result, err := redrive.Move(t.Context(), client, from, to)
	moved := result.Moved
	if err != nil || moved != messages {
		t.Fatalf("moved %d, %v", moved, err)
	}
	if left := drain(t, client, from); len(left) != 0 {
		t.Errorf("%d dead letters are left", len(left))
	}
	bodies := map[string][]string{}
	for _, m := range drain(t, client, to) {
		bodies[m.Attributes["MessageGroupId"]] = append(bodies[m.Attributes["MessageGroupId"]], *m.Body)
		if len(m.MessageAttributes) != 0 {
			t.Errorf("attributes came along: %v", m.MessageAttributes)
		}
	}
	for g := range 2 {
		var want []string
		for i := g; i < messages; i += 2 {
			want = append(want, fmt.Sprint("body ", i))
		}
		if got := bodies[fmt.Sprint("group ", g)]; !slices.Equal(got, want) {
			t.Errorf("group %d: %v", g, got)
		}
	}
}

// drain receives and deletes all messages of a queue.
func drain(t *testing.T, client *sqs.Client, queue string) []types.Message {
	t.Helper()
	var all []types.Message
	for {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: &queue, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, m)
			if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// refusing is a client whose sends fail.
type refusing struct{ redrive.Client }

func (refusing) SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return nil, errors.New("no")
}

func TestAMessageThatCannotBeSentBackStays(t *testing.T) {
	s := localtest.Servers(t)
	client, from, to := s.SQSClient(), s.Queues["emailsDeadLetter"], s.Queues["emails"]
	_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &from, MessageBody: aws.String("x"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if result, err := redrive.Move(t.Context(), refusing{client}, from, to); result.Moved != 0 || err == nil {
		t.Errorf("moved %d, %v", result.Moved, err)
	}
	out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &from, AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil || out.Attributes["ApproximateNumberOfMessages"] != "1" {
		t.Errorf("dead letters: %v, %v", out.Attributes, err)
	}
}

// TestLettersThatOthersHoldAreCounted: a redrive that was killed hides its letters for a minute.
func TestLettersThatOthersHoldAreCounted(t *testing.T) {
	s := localtest.Servers(t)
	client, from, to := s.SQSClient(), s.Queues["emailsDeadLetter"], s.Queues["emails"]
	for i, group := range []string{"a", "a", "b"} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &from, MessageBody: aws.String("x"),
			MessageGroupId: &group, MessageDeduplicationId: aws.String(fmt.Sprint("held ", i))})
		if err != nil {
			t.Fatal(err)
		}
	}
	// The other one holds the first of group a; the second waits behind it.
	held, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &from, MaxNumberOfMessages: 1, VisibilityTimeout: 60})
	if err != nil || len(held.Messages) != 1 {
		t.Fatal(held, err)
	}
	result, err := redrive.Move(t.Context(), client, from, to)
	if err != nil || result != (redrive.Result{Moved: 1, Hidden: 2}) {
		t.Errorf("%+v, %v", result, err)
	}
	drain(t, client, to)
}

// stopped is a client of a redrive that is interrupted at its second message.
type stopped struct {
	*sqs.Client
	stop context.CancelFunc
	n    *int
}

func (s stopped) SendMessage(ctx context.Context, in *sqs.SendMessageInput, o ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if *s.n++; *s.n == 2 {
		s.stop()
	}
	return s.Client.SendMessage(ctx, in, o...)
}

func TestAnInterruptedRedriveHidesNothing(t *testing.T) {
	s := localtest.Servers(t)
	client, from, to := s.SQSClient(), s.Queues["matchesDeadLetter"], s.Queues["matches"]
	for i := range 5 {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &from, MessageBody: aws.String("x"),
			MessageGroupId: aws.String(fmt.Sprint("group ", i)), MessageDeduplicationId: aws.String(fmt.Sprint("interrupted ", i))})
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	if result, err := redrive.Move(ctx, stopped{client, stop, &n}, from, to); result.Moved != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", result, err)
	}
	if result, err := redrive.Move(t.Context(), client, from, to); err != nil || result != (redrive.Result{Moved: 4}) {
		t.Errorf("then %+v, %v", result, err)
	}
}

// unmended sets aside again at once what is sent back, as a function does with a message that it cannot read.
type unmended struct {
	*sqs.Client
	deadLetters string
}

func (u unmended) SendMessage(ctx context.Context, in *sqs.SendMessageInput, o ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	out, err := u.Client.SendMessage(ctx, in, o...)
	if err != nil || aws.ToString(in.MessageBody) != "unreadable" {
		return out, err
	}
	_, err = u.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &u.deadLetters, MessageBody: in.MessageBody,
		MessageGroupId: in.MessageGroupId, MessageDeduplicationId: out.MessageId})
	return out, err
}

// TestAMessageThatFailsAgainIsLeft: a redrive ends, whatever becomes of what it moves.
func TestAMessageThatFailsAgainIsLeft(t *testing.T) {
	s := localtest.Servers(t)
	client, from, to := s.SQSClient(), s.Queues["emailsDeadLetter"], s.Queues["emails"]
	for i, body := range []string{"unreadable", "mended"} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &from, MessageBody: &body,
			MessageGroupId: aws.String(fmt.Sprint("group ", i)), MessageDeduplicationId: aws.String(body)})
		if err != nil {
			t.Fatal(err)
		}
	}
	result, err := redrive.Move(t.Context(), unmended{client, from}, from, to)
	if err != nil || result != (redrive.Result{Moved: 2, Back: 1}) {
		t.Errorf("%+v, %v", result, err)
	}
	left, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &from})
	if err != nil || len(left.Messages) != 1 || *left.Messages[0].Body != "unreadable" {
		t.Errorf("%d dead letters to be seen, %v", len(left.Messages), err)
	}
}
