package trigger_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"losttrn/internal/local/trigger"
)

func TestSchedules(t *testing.T) {
	const form = "2006-01-02 15:04 MST"
	for _, c := range []struct{ expression, zone, after, want string }{
		{"cron(0 3 * * ? *)", "Europe/London", "2026-06-01 12:00 UTC", "2026-06-02 02:00 UTC"},
		{"cron(0 3 * * ? *)", "Europe/London", "2026-12-01 12:00 UTC", "2026-12-02 03:00 UTC"},
		{"cron(0 3 * * ? *)", "", "2026-06-01 03:00 UTC", "2026-06-02 03:00 UTC"},
		{"cron(*/15 8-10 * * ? *)", "", "2026-06-01 10:46 UTC", "2026-06-02 08:00 UTC"},
		{"cron(30 18 ? * MON-FRI *)", "", "2026-11-20 18:30 UTC", "2026-11-23 18:30 UTC"},
		{"cron(0 0 1 JAN,JUL ? *)", "", "2026-02-01 00:00 UTC", "2026-07-01 00:00 UTC"},
		{"cron(0 0 31 * ? *)", "", "2026-02-01 00:00 UTC", "2026-03-31 00:00 UTC"},
		// The hour that the clocks leave out is skipped that day.
		{"cron(30 1 * * ? *)", "Europe/London", "2026-03-28 12:00 UTC", "2026-03-30 00:30 UTC"},
		{"rate(5 minutes)", "", "2026-06-01 12:00 UTC", "2026-06-01 12:05 UTC"},
		{"rate(1 day)", "", "2026-06-01 12:00 UTC", "2026-06-02 12:00 UTC"},
	} {
		after, err := time.Parse(form, c.after)
		if err != nil {
			t.Fatal(err)
		}
		s, err := trigger.ParseSchedule(c.expression, c.zone)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if got := s.Next(after).UTC().Format(form); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.expression, c.after, got, c.want)
		}
	}
	for _, expression := range []string{"", "at(2026-01-01T00:00:00)", "rate(0 days)", "rate(1 fortnight)", "cron(0 3 * * *)", "cron(0 3 L * ? *)", "cron(61 3 * * ? *)", "cron(0 3 * * MON#2 *)"} {
		if _, err := trigger.ParseSchedule(expression, ""); err == nil {
			t.Errorf("%q is accepted", expression)
		}
	}
	if _, err := trigger.ParseSchedule("rate(1 day)", "Europe/Atlantis"); err == nil {
		t.Error("a time zone that is not there is accepted")
	}
}

func TestATimerFiresAtItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		schedule, err := trigger.ParseSchedule("rate(1 hour)", "")
		if err != nil {
			t.Fatal(err)
		}
		var fired []string
		timer := &trigger.Timer{
			Name: "hourly", ARN: "arn:hourly", Schedule: schedule,
			Input: `{"at":"<aws.scheduler.scheduled-time>"}`,
			Send:  func(event []byte) { fired = append(fired, string(event)) },
		}
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		began := time.Now()
		timer.Run(ctx)
		want := `{"at":"` + began.Add(2*time.Hour).UTC().Format(time.RFC3339) + `"}`
		if len(fired) != 2 || fired[1] != want {
			t.Errorf("fired %v, want %s last", fired, want)
		}
	})
}

func TestAScheduleWithoutInputSendsTheSchedulersOwnEvent(t *testing.T) {
	var got map[string]any
	timer := &trigger.Timer{ARN: "arn:x", Account: "0", Region: "eu-west-2", Send: func(event []byte) {
		if err := json.Unmarshal(event, &got); err != nil {
			t.Error(err)
		}
	}}
	timer.Fire(time.Now())
	if got["source"] != "aws.scheduler" || got["detail-type"] != "Scheduled Event" || got["resources"].([]any)[0] != "arn:x" {
		t.Errorf("got %v", got)
	}
}

func TestPatterns(t *testing.T) {
	event := trigger.ObjectCreated{Bucket: "exports", Key: "a/AWSDynamoDB/1/manifest-summary.json", ETag: `"e"`, Size: 3}.
		Event("000000000000", "eu-west-2", time.Now())
	for _, c := range []struct {
		pattern string
		want    bool
	}{
		{`{"source":["aws.s3"],"detail-type":["Object Created"]}`, true},
		{`{"source":["aws.ec2","aws.s3"]}`, true},
		{`{"source":["aws.ec2"]}`, false},
		{`{"detail":{"bucket":{"name":["exports"]},"object":{"key":[{"suffix":"/manifest-summary.json"}]}}}`, true},
		{`{"detail":{"object":{"key":[{"suffix":".csv"}]}}}`, false},
		{`{"detail":{"object":{"key":[{"prefix":"a/"}]}}}`, true},
		{`{"detail":{"object":{"key":[{"wildcard":"*/AWSDynamoDB/*/manifest-summary.json"}]}}}`, true},
		{`{"detail":{"object":{"key":[{"wildcard":"b*"}]}}}`, false},
		{`{"detail":{"object":{"size":[3]}}}`, true},
		{`{"detail":{"object":{"version-id":[{"exists":false}]}}}`, true},
		{`{"resources":["arn:aws:s3:::exports"]}`, true},
		{`{"source":[{"equals-ignore-case":"AWS.S3"}]}`, true},
		{`{"nothing":["x"]}`, false},
	} {
		var raw any
		if err := json.Unmarshal([]byte(c.pattern), &raw); err != nil {
			t.Fatal(err)
		}
		p, err := trigger.NewPattern(raw)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := p.Matches(event); got != c.want {
			t.Errorf("%s: %v", c.pattern, got)
		}
	}
	for _, pattern := range []string{`{}`, `[]`, `{"a":"b"}`, `{"a":[{"numeric":[">",1]}]}`, `{"a":{"b":[{"anything-but":"x"}]}}`, `{"a":[{"prefix":1}]}`} {
		var raw any
		if err := json.Unmarshal([]byte(pattern), &raw); err != nil {
			t.Fatal(err)
		}
		if _, err := trigger.NewPattern(raw); err == nil {
			t.Errorf("%s is accepted", pattern)
		}
	}
}

func TestAnEventThatNobodyWaitsForIsTriedAgainAndThenSetAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Duration
		began := time.Now()
		var aside string
		var reports []string
		a := &trigger.Async{
			Function: invoker(func(context.Context, []byte) ([]byte, error) {
				calls = append(calls, time.Since(began))
				return nil, errors.New("no")
			}),
			Retries: 2, Pause: time.Minute,
			Exhausted: func(_ context.Context, event []byte, failure error) error {
				aside = string(event) + " " + failure.Error()
				return nil
			},
			Report: func(err error) { reports = append(reports, err.Error()) },
		}
		a.Send([]byte("event"))
		time.Sleep(time.Hour) // of the bubble's clock
		a.Stop()
		if len(calls) != 3 || calls[1] != time.Minute || calls[2] != 3*time.Minute {
			t.Errorf("called after %v", calls)
		}
		if aside != "event no" {
			t.Errorf("set aside: %q", aside)
		}
		if !strings.Contains(strings.Join(reports, "\n"), "attempt 3 of 3") {
			t.Errorf("reports: %v", reports)
		}
	})
}
