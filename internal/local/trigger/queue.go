// Package trigger invokes functions as AWS does: for messages on a queue, an object put into a bucket, or the time of a
// schedule.
package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Invoker runs a function.
type Invoker interface {
	Invoke(ctx context.Context, event []byte) ([]byte, error)
}

// QueueOptions describe an SQS event source.
type QueueOptions struct {
	Client   *sqs.Client
	QueueURL string
	QueueARN string
	Region   string
	// BatchSize is how many messages an event holds at the most.
	BatchSize int
	// Concurrency is how many events are under way at the most.
	Concurrency int
	// PartialFailures is whether the function reports which messages failed
	// (ReportBatchItemFailures); otherwise any answer takes the whole batch.
	PartialFailures bool
	Function        Invoker
	// Report is called with a line for each failure.
	Report func(error)
}

// Queue polls a queue and invokes a function with its messages, by the rules of Lambda's event source mappings: handled
// messages are deleted, all others are left to the queue's visibility timeout and redrive policy.
type Queue struct {
	o      QueueOptions
	cancel context.CancelFunc
	pollUp sync.WaitGroup
	busy   atomic.Int64
}

// The longest that SQS lets a receive wait.
const longPoll = 20

// StartQueue begins to poll.
func StartQueue(o QueueOptions) *Queue {
	ctx, cancel := context.WithCancel(context.Background())
	q := &Queue{o: o, cancel: cancel}
	for range max(o.Concurrency, 1) {
		q.pollUp.Go(func() { q.poll(ctx) })
	}
	return q
}

// Busy returns the number of batches in progress.
func (q *Queue) Busy() int { return int(q.busy.Load()) }

// Quit stops receiving. Batches in progress continue.
func (q *Queue) Quit() { q.cancel() }

// Stop ends polling, and waits for the batches in progress.
func (q *Queue) Stop() {
	q.Quit()
	q.pollUp.Wait()
}

// poll receives one batch after the other. Several polls side by side keep the
// order of a group: the queue gives out no message of a group that has one in
// flight.
func (q *Queue) poll(ctx context.Context) {
	pause := time.NewTimer(0)
	<-pause.C
	for ctx.Err() == nil {
		out, err := q.o.Client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl:                    &q.o.QueueURL,
			MaxNumberOfMessages:         int32(min(q.o.BatchSize, 10)),
			WaitTimeSeconds:             longPoll,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
			MessageAttributeNames:       []string{"All"},
		})
		if err != nil {
			// The SQS server is unavailable for a moment, or the stack is stopping.
			pause.Reset(200 * time.Millisecond)
			select {
			case <-pause.C:
			case <-ctx.Done():
			}
			continue
		}
		if len(out.Messages) > 0 {
			q.busy.Add(1)
			// Received messages are handled even if polling ends meanwhile.
			q.handle(context.WithoutCancel(ctx), out.Messages)
			q.busy.Add(-1)
		}
	}
}

func (q *Queue) handle(ctx context.Context, messages []types.Message) {
	event, err := json.Marshal(q.event(messages))
	if err != nil {
		q.o.Report(fmt.Errorf("write the event: %w", err))
		return
	}
	answer, err := q.o.Function.Invoke(ctx, event)
	if err != nil {
		q.o.Report(fmt.Errorf("a batch of %d failed and is left to the queue: %w", len(messages), err))
		return
	}
	done := messages
	if q.o.PartialFailures {
		if done, err = succeeded(messages, answer); err != nil {
			q.o.Report(fmt.Errorf("a batch of %d is left to the queue: %w", len(messages), err))
			return
		}
	}
	if err := q.remove(ctx, done); err != nil {
		q.o.Report(err)
	}
}

// succeeded returns which messages were handled, by the function's answer. An empty answer means all of them; one that
// names an unknown message, or has another form, means none.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func succeeded(messages []types.Message, answer []byte) ([]types.Message, error) {
	if len(answer) == 0 {
		return messages, nil
	}
	var a *struct {
		Failures *[]struct {
			Identifier *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, errors.New("the function's answer is not a list of failures")
	}
	if a == nil || a.Failures == nil {
		return messages, nil
	}
	failed := map[string]bool{}
	for _, f := range *a.Failures {
		if f.Identifier == nil || *f.Identifier == "" {
			return nil, errors.New("the function's answer has an empty itemIdentifier")
		}
		failed[*f.Identifier] = true
	}
	var done []types.Message
	for _, m := range messages {
		if !failed[*m.MessageId] {
			done = append(done, m)
		}
		delete(failed, *m.MessageId)
	}
	if len(failed) > 0 {
		return nil, errors.New("the function's answer names a message that was not in the batch")
	}
	return done, nil
}

// remove deletes messages, trying a few times: one that stays comes again.
func (q *Queue) remove(ctx context.Context, messages []types.Message) error {
	var entries []types.DeleteMessageBatchRequestEntry
	for i, m := range messages {
		entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
	}
	for attempt := 0; len(entries) > 0; attempt++ {
		out, err := q.o.Client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.o.QueueURL, Entries: entries})
		if err == nil && len(out.Failed) == 0 {
			return nil
		}
		if err == nil {
			err = errors.New("the queue refused some")
			again := map[string]bool{}
			for _, f := range out.Failed {
				again[*f.Id] = true
			}
			kept := entries[:0]
			for _, entry := range entries {
				if again[*entry.Id] {
					kept = append(kept, entry)
				}
			}
			entries = kept
		}
		if attempt == 2 {
			return fmt.Errorf("%d messages were handled but could not be deleted, and will come again: %w", len(entries), err)
		}
	}
	return nil
}
