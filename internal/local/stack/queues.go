package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/pages"
	"losttrn/internal/local/template"
)

// inspected is a queue as the SQS server shows it on a path of its own. Unlike a receive, reading that path changes
// nothing.
type inspected struct {
	Messages struct {
		Ready, Delayed []inspectedMessage
		Inflight       []struct {
			Message            inspectedMessage
			VisibilityDeadline int64 // milliseconds since the epoch
		}
	}
}

// all returns all messages: visible, delayed and in flight.
func (q inspected) all() []inspectedMessage {
	all := append(slices.Clone(q.Messages.Ready), q.Messages.Delayed...)
	for _, m := range q.Messages.Inflight {
		all = append(all, m.Message)
	}
	return all
}

type inspectedMessage struct {
	MessageID               string `json:"messageId"`
	Body                    string `json:"body"`
	MessageGroupID          string `json:"messageGroupId"`
	SentTimestamp           int64  `json:"sentTimestamp"`
	ApproximateReceiveCount int    `json:"approximateReceiveCount"`
	MessageAttributes       map[string]struct{ StringValue string }
}

// deadLetterSuffix ends the short name of a dead-letter queue.
const deadLetterSuffix = "DeadLetter"

// failed is Lambda's record of an event on which a function failed finally.
type failed struct {
	RequestContext struct {
		Function  string `json:"functionArn"`
		Condition string
		Count     int `json:"approximateInvokeCount"`
	}
	RequestPayload  json.RawMessage
	ResponsePayload struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
}

// failedEvent reads such a record, and returns false if the message is none.
func failedEvent(body string) (failed, bool) {
	var f failed
	err := json.Unmarshal([]byte(body), &f)
	return f, err == nil && f.RequestContext.Function != "" && len(f.RequestPayload) > 0
}

func (f failed) reason() string {
	reason := f.RequestContext.Condition
	if f.ResponsePayload.Message != "" {
		reason += ": " + f.ResponsePayload.Message
	}
	return reason
}

// function returns the short name of the function that failed.
func (f failed) function() string {
	name := f.RequestContext.Function[strings.LastIndex(f.RequestContext.Function, ":")+1:]
	return shortName(name[strings.LastIndex(name, "-")+1:])
}

// Queues returns the state of every queue.
func (x source) Queues(ctx context.Context) (map[string]pages.Queue, error) {
	queues := map[string]pages.Queue{}
	dead := map[string]bool{}
	resources := x.s.Resources.OfType(template.TypeQueue)
	for _, r := range resources {
		if policy, ok := r.Properties["RedrivePolicy"].(map[string]any); ok {
			dead[fmt.Sprint(policy["deadLetterTargetArn"])] = true
		}
	}
	for _, f := range x.s.declared {
		dead[f.DeadLetters] = true
	}
	for _, r := range resources {
		name := naming.Of(r)
		found, err := x.s.inspect(ctx, name)
		if err != nil {
			return nil, err
		}
		queues[naming.Key(r)] = describe(name, x.s.Servers.Queues[naming.Key(r)], found, dead[naming.ARN("sqs", name)], strings.TrimSuffix(naming.Key(r), deadLetterSuffix))
	}
	return queues, nil
}

// waitingOf returns the names of the queues that hold a message of a lookup.
func (s *Stack) waitingOf(ctx context.Context, lookupID string) ([]string, error) {
	names := []string{}
	for _, r := range s.Resources.OfType(template.TypeQueue) {
		found, err := s.inspect(ctx, naming.Of(r))
		if err != nil {
			return nil, err
		}
		for _, m := range found.all() {
			if strings.Contains(m.Body, lookupID) {
				names = append(names, naming.Key(r))
				break
			}
		}
	}
	return names, nil
}

func (s *Stack) inspect(ctx context.Context, name string) (inspected, error) {
	var found inspected
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.SQS+"/_fauxqs/queues/"+name, nil)
	if err != nil {
		return found, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return found, fmt.Errorf("look at the queue %s: %w", name, err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		return found, fmt.Errorf("look at the queue %s: %w", name, err)
	}
	return found, nil
}

func describe(name, url string, found inspected, deadLetters bool, redrive string) pages.Queue {
	q := pages.Queue{
		Name: name, URL: url, Depth: len(found.Messages.Ready),
		InFlight: len(found.Messages.Inflight), Delayed: len(found.Messages.Delayed),
	}
	all := found.all()
	slices.SortFunc(all, func(a, b inspectedMessage) int { return int(a.SentTimestamp - b.SentTimestamp) })
	if len(all) > 0 {
		age := time.Since(time.UnixMilli(all[0].SentTimestamp)).Seconds()
		q.OldestSeconds = &age
	}
	if !deadLetters {
		return q
	}
	for _, m := range all {
		letter := pages.DeadLetter{
			ID: m.MessageID, Group: m.MessageGroupID, Receives: m.ApproximateReceiveCount,
			Reason: m.MessageAttributes["reason"].StringValue, Source: m.MessageAttributes["source"].StringValue,
			SentAt: time.UnixMilli(m.SentTimestamp).UTC(), Body: m.Body, Redrive: "make redrive QUEUE=" + redrive,
		}
		if event, ok := failedEvent(m.Body); ok {
			letter.Reason, letter.Source, letter.Receives = event.reason(), event.function(), event.RequestContext.Count
		}
		q.Messages = append(q.Messages, letter)
	}
	return q
}
