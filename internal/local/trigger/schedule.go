package trigger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Timer sends an event at the times of a schedule.
type Timer struct {
	Name     string
	ARN      string
	Account  string
	Region   string
	Schedule Schedule
	// Input is the event; empty means EventBridge Scheduler's default.
	Input string
	Send  func(event []byte)
}

// Run sends events until ctx ends.
func (t *Timer) Run(ctx context.Context) {
	for {
		next := t.Schedule.Next(time.Now())
		if next.IsZero() {
			return
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-timer.C:
			t.Fire(next)
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// Fire sends the event for a time now.
func (t *Timer) Fire(at time.Time) {
	t.Send(t.event(at))
}

func (t *Timer) event(at time.Time) []byte {
	id, when := rand.Text(), at.UTC().Format(time.RFC3339)
	if t.Input != "" {
		return []byte(strings.NewReplacer(
			"<aws.scheduler.schedule-arn>", t.ARN,
			"<aws.scheduler.scheduled-time>", when,
			"<aws.scheduler.execution-id>", id,
			"<aws.scheduler.attempt-number>", "1",
		).Replace(t.Input))
	}
	event, _ := json.Marshal(map[string]any{
		"version": "0", "id": id,
		"detail-type": "Scheduled Event", "source": "aws.scheduler",
		"account": t.Account, "time": when, "region": t.Region,
		"resources": []string{t.ARN}, "detail": "{}",
	})
	return event
}

// ObjectCreated holds what EventBridge reports about an object put into a bucket.
type ObjectCreated struct {
	Bucket, Key, ETag, Reason string
	Size                      int64
}

// Event returns the EventBridge event as JSON. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
func (o ObjectCreated) Event(account, region string, at time.Time) []byte {
	event, _ := json.Marshal(map[string]any{
		"version": "0", "id": rand.Text(),
		"detail-type": "Object Created", "source": "aws.s3",
		"account": account, "time": at.UTC().Format(time.RFC3339), "region": region,
		"resources": []string{"arn:aws:s3:::" + o.Bucket},
		"detail": map[string]any{
			"version": "0",
			"bucket":  map[string]any{"name": o.Bucket},
			"object": map[string]any{
				"key": o.Key, "size": o.Size, "etag": strings.Trim(o.ETag, `"`),
				"sequencer": fmt.Sprintf("%018X", at.UnixNano()),
			},
			"request-id": rand.Text()[:16], "requester": account,
			"source-ip-address": "127.0.0.1", "reason": o.Reason,
		},
	})
	return event
}
