package trigger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/trigger"
	"losttrn/internal/local/waiting"
)

// rig is a queue with a function of the test's behind it.
type rig struct {
	t       *testing.T
	client  *sqs.Client
	queue   string
	letters string                   // the dead-letter queue
	batches chan []events.SQSMessage // what the function was given
}

// queues numbers the queues of the package's tests.
var queues atomic.Int64

// start polls a queue of its own, whose failed messages come back after a second
// and die after three receives, and answers with respond.
func start(t *testing.T, s *local.Servers, respond func(batch []events.SQSMessage) (string, error)) *rig {
	t.Helper()
	name := fmt.Sprint("queue-", queues.Add(1))
	r := &rig{t: t, client: s.SQSClient(), batches: make(chan []events.SQSMessage, 100)}
	r.letters = r.create(name+"-dead.fifo", nil)
	r.queue = r.create(name+".fifo", map[string]string{
		"VisibilityTimeout": "1",
		"RedrivePolicy":     `{"deadLetterTargetArn":"arn:aws:sqs:eu-west-2:000000000000:` + name + `-dead.fifo","maxReceiveCount":3}`,
	})
	q := trigger.StartQueue(trigger.QueueOptions{
		Client: r.client, QueueURL: r.queue, QueueARN: "arn:matches", Region: s.Region,
		BatchSize: 10, Concurrency: 3, PartialFailures: true,
		Function: invoker(func(_ context.Context, event []byte) ([]byte, error) {
			var e events.SQSEvent
			if err := json.Unmarshal(event, &e); err != nil {
				t.Errorf("event: %v", err)
			}
			answer, err := respond(e.Records)
			r.batches <- e.Records
			return []byte(answer), err
		}),
		Report: func(err error) { t.Log(err) },
	})
	t.Cleanup(q.Stop)
	return r
}

func (r *rig) create(name string, attributes map[string]string) string {
	r.t.Helper()
	all := map[string]string{"FifoQueue": "true"}
	maps.Copy(all, attributes)
	out, err := r.client.CreateQueue(r.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: all})
	if err != nil {
		r.t.Fatal(err)
	}
	return *out.QueueUrl
}

type invoker func(ctx context.Context, event []byte) ([]byte, error)

func (f invoker) Invoke(ctx context.Context, event []byte) ([]byte, error) { return f(ctx, event) }

func (r *rig) send(group, body string) {
	r.t.Helper()
	_, err := r.client.SendMessage(r.t.Context(), &sqs.SendMessageInput{
		QueueUrl: &r.queue, MessageBody: &body,
		MessageGroupId: &group, MessageDeduplicationId: aws.String(group + body),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"colour": {DataType: aws.String("String"), StringValue: aws.String("green")},
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// next waits for the function to be called.
func (r *rig) next() []events.SQSMessage {
	r.t.Helper()
	select {
	case batch := <-r.batches:
		return batch
	case <-time.After(waiting.Limit):
		r.t.Fatal("the function was not called")
		return nil
	}
}

// empty waits until the queue has nothing, neither waiting nor in flight.
func (r *rig) empty() {
	r.t.Helper()
	waiting.Until(r.t, "the queue is not empty", func() bool {
		out, err := r.client.GetQueueAttributes(r.t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: &r.queue, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
		})
		return err == nil && out.Attributes["ApproximateNumberOfMessages"] == "0" &&
			out.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
	})
}

// dead waits for a message in the dead-letter queue.
func (r *rig) dead() types.Message {
	r.t.Helper()
	var found types.Message
	waiting.Until(r.t, "no dead letter", func() bool {
		out, err := r.client.ReceiveMessage(r.t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: &r.letters, WaitTimeSeconds: 1,
		})
		if err == nil && len(out.Messages) == 1 {
			found = out.Messages[0]
			return true
		}
		return false
	})
	return found
}

func TestAMessageBecomesAnEventAndIsDeleted(t *testing.T) {
	r := start(t, localtest.Servers(t), func([]events.SQSMessage) (string, error) { return `{"batchItemFailures":[]}`, nil })
	r.send("g", "hello")
	m := r.next()[0]
	if m.Body != "hello" || m.MessageId == "" || m.ReceiptHandle == "" || m.Md5OfBody == "" ||
		m.EventSource != "aws:sqs" || m.EventSourceARN != "arn:matches" || m.AWSRegion != "eu-west-2" {
		t.Errorf("record: %+v", m)
	}
	for _, name := range []string{"MessageGroupId", "MessageDeduplicationId", "ApproximateReceiveCount", "SentTimestamp", "SequenceNumber", "ApproximateFirstReceiveTimestamp", "SenderId"} {
		if m.Attributes[name] == "" {
			t.Errorf("no attribute %s", name)
		}
	}
	if a := m.MessageAttributes["colour"]; a.DataType != "String" || a.StringValue == nil || *a.StringValue != "green" {
		t.Errorf("message attribute: %+v", a)
	}
	r.empty()
}

// Each answer is given to the first batch alone; after it all goes well. The
// message comes again or does not.
func TestAnswersDecideWhatComesAgain(t *testing.T) {
	servers := localtest.Servers(t)
	for name, c := range map[string]struct {
		answer string // %s is the message's id
		err    error
		again  bool
	}{
		"no failures":        {answer: `{"batchItemFailures":[]}`},
		"null list":          {answer: `{"batchItemFailures":null}`},
		"null":               {answer: `null`},
		"empty object":       {answer: `{}`},
		"empty":              {answer: ``},
		"failed":             {answer: `{"batchItemFailures":[{"itemIdentifier":"%s"}]}`, again: true},
		"unknown identifier": {answer: `{"batchItemFailures":[{"itemIdentifier":"other"}]}`, again: true},
		"empty identifier":   {answer: `{"batchItemFailures":[{"itemIdentifier":""}]}`, again: true},
		"null identifier":    {answer: `{"batchItemFailures":[{"itemIdentifier":null}]}`, again: true},
		"no identifier":      {answer: `{"batchItemFailures":[{"key":"x"}]}`, again: true},
		"not a list":         {answer: `{"batchItemFailures":"x"}`, again: true},
		"not JSON":           {answer: `x`, again: true},
		"function error":     {err: errors.New("no"), again: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			var mu sync.Mutex
			r := start(t, servers, func(batch []events.SQSMessage) (string, error) {
				mu.Lock()
				defer mu.Unlock()
				if calls++; calls > 1 {
					return "", nil
				}
				if c.err != nil {
					return "", c.err
				}
				answer := c.answer
				if name == "failed" {
					answer = fmt.Sprintf(answer, batch[0].MessageId)
				}
				return answer, nil
			})
			r.send("g", "hello")
			r.next()
			if c.again {
				if m := r.next()[0]; m.Attributes["ApproximateReceiveCount"] != "2" {
					t.Errorf("received %s times", m.Attributes["ApproximateReceiveCount"])
				}
			}
			r.empty()
			mu.Lock()
			defer mu.Unlock()
			if want := map[bool]int{false: 1, true: 2}[c.again]; calls != want {
				t.Errorf("called %d times, not %d", calls, want)
			}
		})
	}
}

func TestAGroupKeepsItsOrderThroughFailures(t *testing.T) {
	var mu sync.Mutex
	handled := map[string][]string{}
	failures := map[string]int{}
	r := start(t, localtest.Servers(t), func(batch []events.SQSMessage) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		var failed []map[string]string
		for _, m := range batch {
			group := m.Attributes["MessageGroupId"]
			// Every third message fails once.
			if len(handled[group])%3 == 2 && failures[m.MessageId] == 0 {
				failures[m.MessageId]++
				failed = append(failed, map[string]string{"itemIdentifier": m.MessageId})
				continue
			}
			handled[group] = append(handled[group], m.Body)
		}
		answer, err := json.Marshal(map[string]any{"batchItemFailures": failed})
		return string(answer), err
	})
	const groups, each = 3, 7
	want := make([]string, each)
	for i := range each {
		want[i] = fmt.Sprint(i)
		for g := range groups {
			r.send(fmt.Sprint("group", g), want[i])
		}
	}
	r.empty()
	mu.Lock()
	defer mu.Unlock()
	for g := range groups {
		if got := handled[fmt.Sprint("group", g)]; !slices.Equal(got, want) {
			t.Errorf("group %d: %v", g, got)
		}
	}
	if len(failures) == 0 {
		t.Error("nothing failed, so nothing was tried")
	}
}

func TestAPoisonousMessageDiesAloneAfterItsLastReceive(t *testing.T) {
	r := start(t, localtest.Servers(t), func(batch []events.SQSMessage) (string, error) {
		var failed []map[string]string
		for _, m := range batch {
			if m.Body == "poison" {
				failed = append(failed, map[string]string{"itemIdentifier": m.MessageId})
			}
		}
		answer, err := json.Marshal(map[string]any{"batchItemFailures": failed})
		return string(answer), err
	})
	r.send("a", "poison")
	r.send("a", "behind it")
	r.send("b", "beside it")
	if m := r.dead(); *m.Body != "poison" {
		t.Errorf("the dead letter is %q", *m.Body)
	}
	r.empty()
	counts := map[string]int{}
	for len(r.batches) > 0 {
		for _, m := range <-r.batches {
			counts[m.Body]++
		}
	}
	if counts["poison"] != 3 || counts["behind it"] != 1 || counts["beside it"] != 1 {
		t.Errorf("received: %v", counts)
	}
}
