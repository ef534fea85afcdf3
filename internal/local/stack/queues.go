package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/pages"
	"losttrn/internal/local/template"
)

// inspected is a queue as the SQS server shows it on a path of its own, which
// unlike a receive changes nothing.
type inspected struct {
	Messages struct {
		Ready, Delayed []inspectedMessage
		Inflight       []struct {
			Message            inspectedMessage
			VisibilityDeadline int64 // milliseconds since the epoch
		}
	}
}

type inspectedMessage struct {
	MessageID               string `json:"messageId"`
	Body                    string `json:"body"`
	MessageGroupID          string `json:"messageGroupId"`
	SentTimestamp           int64  `json:"sentTimestamp"`
	ApproximateReceiveCount int    `json:"approximateReceiveCount"`
	MessageAttributes       map[string]struct{ StringValue string }
}

// Queues looks at every queue.
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
		queues[naming.Key(r)] = describe(name, x.s.Servers.Queues[naming.Key(r)], found, dead[naming.ARN("sqs", name)])
	}
	return queues, nil
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

func describe(name, url string, found inspected, deadLetters bool) pages.Queue {
	q := pages.Queue{
		Name: name, URL: url, Depth: len(found.Messages.Ready),
		InFlight: len(found.Messages.Inflight), Delayed: len(found.Messages.Delayed),
	}
	all := append(slices.Clone(found.Messages.Ready), found.Messages.Delayed...)
	for _, m := range found.Messages.Inflight {
		all = append(all, m.Message)
	}
	slices.SortFunc(all, func(a, b inspectedMessage) int { return int(a.SentTimestamp - b.SentTimestamp) })
	if len(all) > 0 {
		age := time.Since(time.UnixMilli(all[0].SentTimestamp)).Seconds()
		q.OldestSeconds = &age
	}
	if !deadLetters {
		return q
	}
	for _, m := range all {
		q.Messages = append(q.Messages, pages.DeadLetter{
			ID: m.MessageID, Group: m.MessageGroupID, Receives: m.ApproximateReceiveCount,
			Reason: m.MessageAttributes["reason"].StringValue, Source: m.MessageAttributes["source"].StringValue,
			SentAt: time.UnixMilli(m.SentTimestamp).UTC(), Body: m.Body,
		})
	}
	return q
}
