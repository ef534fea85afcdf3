package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/template"
	"losttrn/internal/local/trigger"
)

// rule sends the events that match its pattern to a function.
type rule struct {
	pattern  trigger.Pattern
	function *trigger.Async
}

// retryPause is the time before a failed asynchronous event is tried again. Lambda waits a minute, which is too long
// for local work.
const retryPause = 5 * time.Second

// begin prepares the functions and starts what calls them.
func (s *Stack) begin() error {
	// Evaluated again, because the addresses are known now.
	functions, err := s.Resources.Functions()
	if err != nil {
		return err
	}
	s.declared = functions
	for _, f := range functions {
		running, err := s.function(f)
		if err != nil {
			return err
		}
		s.functions[f.ID] = running
		s.undo = append(s.undo, running.Close)
		// Started ahead, so that the first request is as quick as the others.
		if err := running.Warm(); err != nil {
			return err
		}
	}
	for _, f := range functions {
		if err := s.connect(f); err != nil {
			return fmt.Errorf("%s: %w", f.ID, err)
		}
	}
	return nil
}

// connect starts the event sources of a function.
func (s *Stack) connect(f template.Function) error {
	running := s.functions[f.ID]
	report := func(err error) { s.o.Report(fmt.Errorf("%s: %w", shortName(f.ID), err)) }
	async := &trigger.Async{Function: running, Retries: f.Retries, Pause: retryPause, Report: report}
	if f.DeadLetters != "" {
		async.Exhausted = func(ctx context.Context, event []byte, failure error) error {
			return s.setAside(ctx, f, event, failure)
		}
	}
	s.asyncs[f.ID] = async
	s.undo = append(s.undo, async.Stop)
	for _, q := range f.Queues {
		url, err := s.queueURL(q.QueueARN)
		if err != nil {
			return err
		}
		queue := trigger.StartQueue(trigger.QueueOptions{
			Client: s.SQSClient(), QueueURL: url, QueueARN: q.QueueARN, Region: naming.Region,
			BatchSize: q.BatchSize, Concurrency: q.Concurrency, PartialFailures: q.PartialFailures,
			Function: running, Report: report,
		})
		s.queues = append(s.queues, queue)
		s.undo = append(s.undo, queue.Stop)
	}
	for _, r := range f.Rules {
		pattern, err := trigger.NewPattern(r.Pattern)
		if err != nil {
			return fmt.Errorf("event %s: %w", r.Name, err)
		}
		s.rules = append(s.rules, rule{pattern, async})
	}
	for _, e := range f.Schedules {
		if err := s.schedule(e, async); err != nil {
			return fmt.Errorf("event %s: %w", e.Name, err)
		}
	}
	return nil
}

func (s *Stack) schedule(e template.ScheduleEvent, async *trigger.Async) error {
	schedule, err := trigger.ParseSchedule(e.Expression, e.Zone)
	if err != nil {
		return err
	}
	timer := &trigger.Timer{
		Name: e.Name, ARN: naming.ARN("scheduler", "schedule/default/"+e.Name),
		Account: naming.Account, Region: naming.Region,
		Schedule: schedule, Input: e.Input, Send: async.Send,
	}
	s.timers[e.Name] = timer
	if !e.Disabled {
		ctx, cancel := context.WithCancel(context.Background())
		s.undo = append(s.undo, cancel)
		go timer.Run(ctx)
	}
	return nil
}

// publish sends an event to every rule that it matches.
func (s *Stack) publish(event []byte) {
	for _, r := range s.rules {
		if r.pattern.Matches(event) {
			r.function.Send(event)
		}
	}
}

// setAside puts an event that failed for good into the function's dead-letter
// queue: the event itself, or Lambda's account of it for a destination.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (s *Stack) setAside(ctx context.Context, f template.Function, event []byte, failure error) error {
	url, err := s.queueURL(f.DeadLetters)
	if err != nil {
		return err
	}
	message := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(event))}
	if f.Destination {
		message.MessageBody = aws.String(string(text(map[string]any{
			"version": "1.0", "timestamp": time.Now().UTC().Format(time.RFC3339Nano),
			"requestContext": map[string]any{
				"functionArn": naming.ARN("lambda", "function:"+functionName(f.ID)),
				"condition":   "RetriesExhausted", "approximateInvokeCount": f.Retries + 1,
			},
			"requestPayload":  json.RawMessage(event),
			"responseContext": map[string]any{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
			"responsePayload": json.RawMessage(document(failure)),
		})))
	} else {
		message.MessageAttributes = map[string]types.MessageAttributeValue{
			"ErrorCode":    {DataType: aws.String("Number"), StringValue: aws.String("200")},
			"ErrorMessage": {DataType: aws.String("String"), StringValue: aws.String(failure.Error())},
		}
	}
	_, err = s.SQSClient().SendMessage(ctx, message)
	return err
}

// document returns the error document of a function's failure.
func document(failure error) []byte {
	var f *runtimeapi.Failure
	if errors.As(failure, &f) {
		return f.Body
	}
	return text(map[string]string{"errorMessage": failure.Error()})
}

// queueURL finds the address of a queue by its ARN.
func (s *Stack) queueURL(arn string) (string, error) {
	for _, r := range s.Resources.OfType(template.TypeQueue) {
		if naming.ARN("sqs", naming.Of(r)) == arn {
			return s.Servers.Queues[naming.Key(r)], nil
		}
	}
	return "", fmt.Errorf("the template has no queue %s", arn)
}

// text writes a value as JSON for a message.
func text(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}
