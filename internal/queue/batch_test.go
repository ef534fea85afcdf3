package queue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/local/localtest"
	"losttrn/internal/queue"
)

const lookupID = "01234567-89ab-4def-8123-456789abcdef"

// outcome is how a record of a test ends.
type outcome string

const (
	succeeds   outcome = "succeeds"
	transient  outcome = "transient"
	internal   outcome = "internal"
	permanent  outcome = "permanent"
	panics     outcome = "panics"
	stuckThere outcome = "permanent, and the dead-letter queue is down"
)

// workshop processes records by the outcome that is their body, and keeps what was done.
type workshop struct {
	mu        sync.Mutex
	processed []string
	aside     map[string][]string // message id → reasons
}

func (w *workshop) process(_ context.Context, record events.SQSMessage) error {
	w.mu.Lock()
	w.processed = append(w.processed, record.MessageId)
	w.mu.Unlock()
	switch outcome(record.Body) {
	case transient:
		return fmt.Errorf("read journal: %w", fault.Unavailable)
	case internal:
		return errors.New("what was that")
	case permanent, stuckThere:
		return fmt.Errorf("read message: %w", fault.New(fault.Invalid, "incomplete"))
	case panics:
		panic("canary@example.com")
	}
	return nil
}

func (w *workshop) SetAside(_ context.Context, record events.SQSMessage, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if outcome(record.Body) == stuckThere {
		return fault.Unavailable
	}
	if w.aside == nil {
		w.aside = map[string][]string{}
	}
	w.aside[record.MessageId] = append(w.aside[record.MessageId], reason)
	return nil
}

func record(id, group string, body outcome, receives int) events.SQSMessage {
	return events.SQSMessage{
		MessageId: id, Body: string(body), EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:eu-west-2:123456789012:emails.fifo",
		Attributes: map[string]string{"MessageGroupId": group, "ApproximateReceiveCount": fmt.Sprint(receives)},
	}
}

func failures(response events.SQSEventResponse) []string {
	ids := []string{}
	for _, failure := range response.BatchItemFailures {
		ids = append(ids, failure.ItemIdentifier)
	}
	return ids
}

func TestBatch(t *testing.T) {
	cases := []struct {
		name    string
		records []events.SQSMessage
		failed  []string
		aside   map[string][]string
	}{
		{"all succeed", []events.SQSMessage{record("1", "a", succeeds, 1), record("2", "b", succeeds, 1)}, []string{}, nil},
		{"a transient failure stops its group alone",
			[]events.SQSMessage{record("1", "a", succeeds, 1), record("2", "a", transient, 1), record("3", "b", succeeds, 1), record("4", "a", succeeds, 1)},
			[]string{"2", "4"}, nil},
		{"an internal failure is transient", []events.SQSMessage{record("1", "a", internal, 1)}, []string{"1"}, nil},
		{"a permanent failure stops nothing",
			[]events.SQSMessage{record("1", "a", permanent, 1), record("2", "a", succeeds, 1)},
			[]string{}, map[string][]string{"1": {"incomplete"}}},
		{"a permanent failure that cannot be set aside is transient",
			[]events.SQSMessage{record("1", "a", stuckThere, 9), record("2", "a", succeeds, 1)}, []string{"1", "2"}, nil},
		{"a first panic is transient", []events.SQSMessage{record("1", "a", panics, 4), record("2", "b", succeeds, 1)}, []string{"1"}, nil},
		{"a fifth panic is set aside", []events.SQSMessage{record("1", "a", panics, 5), record("2", "a", succeeds, 5)},
			[]string{}, map[string][]string{"1": {"panic"}}},
		{"records of no group are in order with no other",
			[]events.SQSMessage{record("1", "", transient, 1), record("2", "", succeeds, 1)}, []string{"1"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			shop := &workshop{}
			response, err := queue.NewBatch(shop.process, shop, slog.New(slog.DiscardHandler)).Handle(t.Context(), events.SQSEvent{Records: c.records})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.failed, failures(response)); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.aside, shop.aside); diff != "" {
				t.Errorf("set aside (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBatchOfAnyMix: of every group exactly its first record to retry and all after it come back, what can never
// succeed before that is set aside once, and each group was worked on in order.
func TestBatchOfAnyMix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 24).Draw(t, "records")
		var records []events.SQSMessage
		wantFailed, wantAside, wantOrder := []string{}, map[string][]string{}, map[string][]string{}
		stopped := map[string]bool{}
		for i := range n {
			group := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "group")
			end := rapid.SampledFrom([]outcome{succeeds, succeeds, transient, internal, permanent, panics, stuckThere}).Draw(t, "outcome")
			receives := rapid.IntRange(1, 8).Draw(t, "receives")
			id := fmt.Sprint(i)
			records = append(records, record(id, group, end, receives))
			if stopped[group] {
				wantFailed = append(wantFailed, id)
				continue
			}
			wantOrder[group] = append(wantOrder[group], id)
			switch {
			case end == permanent:
				wantAside[id] = []string{"incomplete"}
			case end == panics && receives >= 5:
				wantAside[id] = []string{"panic"}
			case end != succeeds:
				stopped[group] = true
				wantFailed = append(wantFailed, id)
			}
		}
		shop := &workshop{aside: map[string][]string{}}
		response, err := queue.NewBatch(shop.process, shop, slog.New(slog.DiscardHandler)).Handle(context.Background(), events.SQSEvent{Records: records})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wantFailed, failures(response)); diff != "" {
			t.Errorf("failures (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(wantAside, shop.aside); diff != "" {
			t.Errorf("set aside (-want +got):\n%s", diff)
		}
		order := map[string][]string{}
		for _, id := range shop.processed {
			i := slices.IndexFunc(records, func(r events.SQSMessage) bool { return r.MessageId == id })
			group := records[i].Attributes["MessageGroupId"]
			order[group] = append(order[group], id)
		}
		if diff := cmp.Diff(wantOrder, order); diff != "" {
			t.Errorf("order in groups (-want +got):\n%s", diff)
		}
	})
}

// TestBatchStopsEarly: of 30 seconds, the last three are for answering. No record is begun in them, not at their first
// moment either, and what is still at work in the middle of them is told to stop.
func TestBatchStopsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		begun := map[string]bool{}
		var mu sync.Mutex
		process := func(ctx context.Context, record events.SQSMessage) error {
			mu.Lock()
			begun[record.MessageId] = true
			mu.Unlock()
			if record.Body == "hangs" {
				<-ctx.Done()
				return fmt.Errorf("ask: %w: %w", fault.Unavailable, ctx.Err())
			}
			time.Sleep(13500 * time.Millisecond)
			return nil
		}
		var log bytes.Buffer
		response, err := queue.NewBatch(process, &workshop{}, slog.New(slog.NewJSONHandler(&log, nil))).Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{
			record("slow 1", "a", "slow", 1), record("slow 2", "a", "slow", 1), record("slow 3", "a", "slow", 1),
			record("hanging", "b", "hangs", 1), record("after it", "b", "slow", 1),
		}})
		if err != nil {
			t.Fatal(err)
		}
		if left, _ := ctx.Deadline(); time.Until(left) != 1500*time.Millisecond {
			t.Errorf("answered %v before the deadline, want 1.5s", time.Until(left))
		}
		if diff := cmp.Diff([]string{"slow 3", "hanging", "after it"}, failures(response)); diff != "" {
			t.Errorf("failures (-want +got):\n%s", diff)
		}
		if begun["slow 3"] || begun["after it"] {
			t.Error("a record was begun with the time nearly up")
		}
		if !strings.Contains(log.String(), `"messageId":"slow 3","queue":"emails.fifo","receives":1,"code":"deadline","left":1}`) {
			t.Errorf("the log does not say that one was left: %s", &log)
		}
	})
}

func TestBatchWorksOnGroupsSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var records []events.SQSMessage
		for i := range 10 {
			records = append(records, record(fmt.Sprint(i), fmt.Sprint("group ", i), succeeds, 1))
		}
		begin := time.Now()
		slow := func(context.Context, events.SQSMessage) error { time.Sleep(time.Second); return nil }
		if _, err := queue.NewBatch(slow, &workshop{}, slog.New(slog.DiscardHandler)).Handle(t.Context(), events.SQSEvent{Records: records}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("ten groups took %v, want 1s", took)
		}
	})
}

// TestWhatIsNoBatchIsAnError: an answer without failures would say that messages were handled that nobody read, and an empty
// identifier of one to retry would be read as "retry all" only by luck.
func TestWhatIsNoBatchIsAnError(t *testing.T) {
	ours, elsewhere, nameless := record("1", "a", succeeds, 1), record("2", "b", succeeds, 1), record("", "b", succeeds, 1)
	elsewhere.EventSource = "aws:s3"
	batches := map[string]string{}
	for name, record := range map[string]events.SQSMessage{"of another service beside ours": elsewhere, "without an id": nameless, "empty": {}} {
		raw, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{ours, record}})
		if err != nil {
			t.Fatal(err)
		}
		batches[name] = string(raw)
	}
	maps.Copy(batches, localtest.ForeignEvents())
	for name, raw := range batches {
		shop := &workshop{}
		var log bytes.Buffer
		response, err := cloud.AnyEvent(queue.NewBatch(shop.process, shop, slog.New(slog.NewJSONHandler(&log, nil))).Handle)(t.Context(), json.RawMessage(raw))
		if err == nil || !strings.Contains(err.Error(), "nothing was done") || response.BatchItemFailures != nil {
			t.Errorf("%s: answered %+v, %v", name, response, err)
		}
		if !strings.Contains(log.String(), "not a batch of SQS") {
			t.Errorf("%s: the log does not say so: %s", name, &log)
		}
		if len(shop.processed)+len(shop.aside) > 0 {
			t.Errorf("%s: processed %v, set aside %v", name, shop.processed, shop.aside)
		}
	}
}

// TestNothingWorksOnAfterTheBatch: what the work on a record left running is told to stop when the batch is answered, with a
// deadline and without.
func TestNothingWorksOnAfterTheBatch(t *testing.T) {
	limited, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for name, ctx := range map[string]context.Context{"a deadline": limited, "no deadline": t.Context()} {
		var given context.Context
		process := func(ctx context.Context, _ events.SQSMessage) error { given = ctx; return ctx.Err() }
		response, err := queue.NewBatch(process, &workshop{}, slog.New(slog.DiscardHandler)).Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{record("1", "a", succeeds, 1)}})
		if err != nil || len(failures(response)) > 0 {
			t.Fatalf("%s: answered %+v, %v", name, response, err)
		}
		if given.Err() == nil {
			t.Errorf("%s: the work may go on", name)
		}
	}
}

// TestBatchLogsWhatCannotBeSetAside: the line is an error, since the message may need somebody.
func TestBatchLogsWhatCannotBeSetAside(t *testing.T) {
	shop, lines := &workshop{}, &bytes.Buffer{}
	_, err := queue.NewBatch(shop.process, shop, slog.New(slog.NewJSONHandler(lines, nil))).Handle(t.Context(),
		events.SQSEvent{Records: []events.SQSMessage{record("1", "a", stuckThere, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(lines.String(), `"level":"ERROR","msg":"message not set aside, to be retried","messageId":"1"`) {
		t.Errorf("the log does not say so: %s", lines)
	}
}

func TestBatchAnswersAnEmptyListNotNull(t *testing.T) {
	shop := &workshop{}
	response, err := queue.NewBatch(shop.process, shop, slog.New(slog.DiscardHandler)).Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{record("1", "a", succeeds, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := json.Marshal(response); string(body) != `{"batchItemFailures":[]}` {
		t.Errorf("got %s", body)
	}
}

// TestBatchLogsCodesOnly feeds values that must not be seen through every way a record can end.
func TestBatchLogsCodesOnly(t *testing.T) {
	var lines bytes.Buffer
	body := `{"version":1,"lookupId":"` + lookupID + `","email":"canary@example.com","name":"Canary Example","trn":"7654321"}`
	process := func(_ context.Context, record events.SQSMessage) error {
		switch record.MessageId {
		case "transient":
			return fmt.Errorf("write for canary@example.com: %w", fault.Throttled)
		case "permanent":
			return fmt.Errorf("read Canary Example: %w", fault.New(fault.Invalid, "incomplete"))
		case "panics":
			panic("canary@example.com")
		}
		return nil
	}
	var records []events.SQSMessage
	for _, id := range []string{"succeeds", "transient", "permanent", "panics"} {
		records = append(records, record(id, id, outcome(body), 1))
	}
	strange := record("strange", "strange", `{"lookupId":"Canary Example"}`, 1)
	if _, err := queue.NewBatch(process, &workshop{}, slog.New(slog.NewJSONHandler(&lines, nil))).Handle(t.Context(), events.SQSEvent{Records: append(records, strange)}); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"anary", "7654321"} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("%q stands in the log:\n%s", secret, lines.String())
		}
	}
	codes := map[string]string{}
	for line := range strings.Lines(lines.String()) {
		var got struct {
			MessageID, LookupID, Code, Queue string
			Cause                            struct{ At string }
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		codes[got.MessageID] = got.Code
		if got.MessageID != "strange" && got.LookupID != lookupID || got.Queue != "emails.fifo" {
			t.Errorf("a line lacks an id: %s", line)
		}
		if got.Code == "panic" && !strings.Contains(got.Cause.At, "TestBatchLogsCodesOnly") {
			t.Errorf("the panic is placed at %q", got.Cause.At)
		}
	}
	want := map[string]string{"succeeds": "handled", "transient": "throttled", "permanent": "incomplete", "panics": "panic", "strange": "handled"}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}
