package stack

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// RedrivenEvents is the outcome of redriving the events in a dead-letter queue of functions.
type RedrivenEvents struct {
	Handled int    `json:"handled"`
	Left    int    `json:"left"`
	Failure string `json:"failure"` // of the first that failed again
}

// redriveEvents invokes functions again with the events in their dead-letter queue, and deletes those that they handle
// now, as the runbook describes for AWS.
func (s *Stack) redriveEvents(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("queue")
	url, ok := s.Servers.Queues[name+deadLetterSuffix]
	if !ok {
		http.Error(w, "there is no queue "+name+" with dead letters of functions", http.StatusNotFound)
		return
	}
	result, err := s.handleAgain(r.Context(), url)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text(result))
}

func (s *Stack) handleAgain(ctx context.Context, url string) (RedrivenEvents, error) {
	var result RedrivenEvents
	client := s.SQSClient()
	var left []types.Message
	defer func() {
		for _, m := range left { // to be seen again at once; else when its time is over
			_, _ = client.ChangeMessageVisibility(context.WithoutCancel(ctx), &sqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
		}
	}()
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 1, VisibilityTimeout: 900})
		if err != nil {
			return result, fmt.Errorf("receive dead letters: %w", err)
		}
		if len(out.Messages) == 0 {
			return result, nil
		}
		m := out.Messages[0]
		if failure := s.invokeAgain(ctx, *m.Body); failure != nil {
			left = append(left, m)
			result.Left++
			if result.Failure == "" {
				result.Failure = failure.Error()
			}
			continue
		}
		if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
			return result, fmt.Errorf("delete a dead letter that was handled: %w", err)
		}
		result.Handled++
	}
}

// invokeAgain invokes the function of a dead letter with its event.
func (s *Stack) invokeAgain(ctx context.Context, body string) error {
	event, ok := failedEvent(body)
	if !ok {
		return fmt.Errorf("a dead letter is not Lambda's account of an event: %s", body)
	}
	for id, f := range s.functions {
		if shortName(id) == event.function() {
			_, err := f.Invoke(ctx, event.RequestPayload)
			return err
		}
	}
	return fmt.Errorf("there is no function %s", event.function())
}
