package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"losttrn/internal/fault"
	"losttrn/internal/local/localtest"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/export"
)

// account plays DynamoDB's exports and the bucket that they are written to: a client token stands for its export
// for eight hours, and an export shows a first file at once and its summary when it is complete.
type account struct {
	now     time.Time
	failing int // the next so many exports fail

	mu      sync.Mutex
	exports []*started
	refuse  error // answers the next call
}

type started struct {
	in     *dynamodb.ExportTableToPointInTimeInput
	id     string
	at     time.Time
	status types.ExportStatus
}

func (a *account) ExportTableToPointInTime(_ context.Context, in *dynamodb.ExportTableToPointInTimeInput, _ ...func(*dynamodb.Options)) (*dynamodb.ExportTableToPointInTimeOutput, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.refuse; err != nil {
		a.refuse = nil
		return nil, err
	}
	for _, e := range a.exports {
		if *e.in.ClientToken == *in.ClientToken && a.now.Sub(e.at) < 8*time.Hour {
			if *e.in.TableArn != *in.TableArn || *e.in.S3Prefix != *in.S3Prefix || !e.in.ExportTime.Equal(*in.ExportTime) {
				return nil, &types.ExportConflictException{}
			}
			return &dynamodb.ExportTableToPointInTimeOutput{ExportDescription: e.describe()}, nil
		}
	}
	e := &started{in: in, id: fmt.Sprintf("%014d-%08x", a.now.UnixMilli(), len(a.exports)), at: a.now, status: types.ExportStatusInProgress}
	if a.failing > 0 {
		a.failing--
		e.status = types.ExportStatusFailed
	}
	a.exports = append(a.exports, e)
	return &dynamodb.ExportTableToPointInTimeOutput{ExportDescription: e.describe()}, nil
}

func (e *started) arn() string { return *e.in.TableArn + "/export/" + e.id }

func (e *started) describe() *types.ExportDescription {
	return &types.ExportDescription{ExportArn: aws.String(e.arn()), ExportStatus: e.status, StartTime: aws.Time(e.at)}
}

func (a *account) DescribeExport(_ context.Context, in *dynamodb.DescribeExportInput, _ ...func(*dynamodb.Options)) (*dynamodb.DescribeExportOutput, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.exports {
		if e.arn() == *in.ExportArn {
			return &dynamodb.DescribeExportOutput{ExportDescription: e.describe()}, nil
		}
	}
	return nil, &types.ExportNotFoundException{}
}

func (a *account) List(_ context.Context, prefix string) ([]string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var keys []string
	for _, e := range a.exports {
		folder := *e.in.S3Prefix + "/AWSDynamoDB/" + e.id + "/"
		files := []string{folder + "_started"}
		if e.status == types.ExportStatusCompleted {
			files = append(files, folder+"data/x.json.gz", folder+"manifest-files.json", folder+"manifest-summary.json")
		}
		for _, file := range files {
			if strings.HasPrefix(file, prefix) {
				keys = append(keys, file)
			}
		}
	}
	return keys, nil
}

func (a *account) end(status types.ExportStatus) {
	for _, e := range a.exports {
		if e.status == types.ExportStatusInProgress {
			e.status = status
		}
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func newFixture(t *testing.T, now string) (*account, *export.Exporter) {
	a := &account{now: at(t, now)}
	return a, &export.Exporter{API: a, Bucket: "exports", Files: a, Clock: func() time.Time { return a.now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Tables: map[dataset.Table]string{
			dataset.Emails: "arn:e", dataset.Lookups: "arn:l", dataset.HelpdeskRequests: "arn:h"}}
}

func must(t *testing.T, e *export.Exporter, event export.Event, want export.Status) export.Answer {
	t.Helper()
	answer, err := e.Start(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range dataset.Tables {
		if answer.Tables[table] != want {
			t.Errorf("%s is %s, want %s", table, answer.Tables[table], want)
		}
	}
	return answer
}

func TestOnceADayHoweverOftenItIsCalled(t *testing.T) {
	a, e := newFixture(t, "2026-07-15T01:00:00Z")
	if answer := must(t, e, export.Event{ScheduledTime: "2026-07-15T01:00:00Z"}, export.Started); answer.Run != "2026-07-15" {
		t.Errorf("run %s", answer.Run)
	}
	must(t, e, export.Event{}, export.InProgress)
	a.end(types.ExportStatusCompleted)
	for _, now := range []string{"2026-07-15T01:30:00Z", "2026-07-15T09:30:00Z", "2026-07-15T22:59:59Z"} {
		a.now = at(t, now)
		must(t, e, export.Event{}, export.Complete)
	}
	if len(a.exports) != 3 {
		t.Fatalf("%d exports", len(a.exports))
	}
	for i, want := range []struct{ arn, prefix string }{
		{"arn:e", "runs/2026-07-15/emails"}, {"arn:l", "runs/2026-07-15/lookups"}, {"arn:h", "runs/2026-07-15/helpdeskRequests"},
	} {
		in := a.exports[i].in
		if *in.TableArn != want.arn || *in.S3Prefix != want.prefix || *in.S3Bucket != "exports" ||
			!in.ExportTime.Equal(at(t, "2026-07-14T23:00:00Z")) || in.ExportFormat != types.ExportFormatDynamodbJson {
			t.Errorf("export %d: %+v", i, in)
		}
	}
	// An hour before midnight UTC is the next day in London.
	a.now = at(t, "2026-07-15T23:00:00Z")
	must(t, e, export.Event{}, export.Started)
	// An event that comes a day late is still of its day.
	must(t, e, export.Event{ScheduledTime: "2026-07-15T01:00:00Z"}, export.Complete)
}

func TestCallsAtTheSameTimeAreOne(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T02:00:00Z")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := e.Start(t.Context(), export.Event{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(a.exports) != 3 {
		t.Errorf("%d exports", len(a.exports))
	}
}

func TestAnExportThatFailedIsStartedAgain(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T02:00:00Z")
	must(t, e, export.Event{}, export.Started)
	a.end(types.ExportStatusFailed)
	a.now = at(t, "2026-11-22T05:00:00Z")
	must(t, e, export.Event{}, export.Started)
	a.end(types.ExportStatusCompleted)
	must(t, e, export.Event{}, export.Complete)
	if len(a.exports) != 6 {
		t.Errorf("%d exports", len(a.exports))
	}
}

func TestAnExportThatKeepsFailingIsAnError(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T02:00:00Z")
	a.failing = 1000
	_, err := e.Start(t.Context(), export.Event{})
	if fault.Reason(err) != "export_failed_repeatedly" || len(a.exports) != 9 {
		t.Errorf("%v, %d exports", err, len(a.exports))
	}
	if _, err := e.Start(t.Context(), export.Event{}); err == nil || len(a.exports) != 9 {
		t.Errorf("%v, %d exports", err, len(a.exports))
	}
}

func TestAnExportThatDoesNotEndIsAnError(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T02:00:00Z")
	must(t, e, export.Event{}, export.Started)
	a.now = at(t, "2026-11-22T05:00:00Z")
	if _, err := e.Start(t.Context(), export.Event{}); fault.Reason(err) != "export_late" {
		t.Errorf("%v", err)
	}
}

// TestWhatOneTableSuffersDoesNotStopTheOthers, and the next call does what was left.
func TestWhatOneTableSuffersDoesNotStopTheOthers(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T02:00:00Z")
	a.refuse = &smithy.GenericAPIError{Code: "ThrottlingException"}
	answer, err := e.Start(t.Context(), export.Event{})
	if !errors.Is(err, fault.Throttled) || len(answer.Tables) != 2 || len(a.exports) != 2 {
		t.Errorf("%v, %+v", err, answer)
	}
	if _, err := e.Start(t.Context(), export.Event{}); err != nil || len(a.exports) != 3 {
		t.Errorf("%v, %d exports", err, len(a.exports))
	}
}

func TestARunAskedFor(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T22:15:30Z")
	event := export.Event{At: "2026-11-22T22:15:00Z", From: "2026-10-01", To: "2026-10-31"}
	if answer := must(t, e, event, export.Started); answer.Run != "20261122T221500Z-from-2026-10-01-to-2026-10-31" {
		t.Errorf("run %s", answer.Run)
	}
	must(t, e, event, export.InProgress)
	if got := *a.exports[0].in.ExportTime; !got.Equal(at(t, event.At)) {
		t.Errorf("exported at %s", got)
	}
}

func TestWhatCannotBeAskedFor(t *testing.T) {
	a, e := newFixture(t, "2026-11-22T22:15:30Z")
	for _, event := range []export.Event{
		{At: "tomorrow"}, {At: "2026-11-22T22:15:31Z"}, {At: "2026-11-22T22:15:00Z", From: "1 October"},
		{At: "2026-11-22T22:15:00Z", From: "2026-10-02", To: "2026-10-01"}, {From: "2026-10-01"}, {ScheduledTime: "noon"},
	} {
		if _, err := e.Start(t.Context(), event); !errors.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", event, err)
		}
	}
	if len(a.exports) > 0 {
		t.Errorf("%d exports", len(a.exports))
	}
}

// TestTheEventsToInvokeItWith are those of `sam local invoke` and of the schedule.
func TestTheEventsToInvokeItWith(t *testing.T) {
	for file, want := range map[string]string{
		"scheduled.json": "2026-11-22", "today.json": "2026-11-23", "days-asked-for.json": "20261122T221500Z-from-2026-10-01-to-2026-10-31",
	} {
		body, err := os.ReadFile("../../../functions/export/events/" + file)
		if err != nil {
			t.Fatal(err)
		}
		_, e := newFixture(t, "2026-11-23T00:00:00Z")
		if answer, err := e.Handle(t.Context(), body); err != nil || answer.Run != want || answer.Tables[dataset.Emails] != export.Started {
			t.Errorf("%s: %+v, %v, want run %s", file, answer, err, want)
		}
	}
}

// TestAForeignEventStartsNoExport and is told so, without an error: trying it again would not help.
func TestAForeignEventStartsNoExport(t *testing.T) {
	foreign := localtest.ForeignEvents()
	foreign["misspelt"] = `{"at":"2026-11-22T22:15:00Z","form":"2026-10-01"}`
	foreign["beside others"] = `{"scheduledTime":"2026-11-22T02:00:00Z","source":"warmer"}`
	foreign["no text"] = `{"scheduledTime":1795312800}`
	for name, raw := range foreign {
		a, e := newFixture(t, "2026-11-23T00:00:00Z")
		var log bytes.Buffer
		e.Log = slog.New(slog.NewTextHandler(&log, nil))
		answer, err := e.Handle(t.Context(), json.RawMessage(raw))
		if err != nil || len(answer.Tables) > 0 || len(a.exports) > 0 {
			t.Errorf("%s: %+v, %v, %d exports", name, answer, err, len(a.exports))
		}
		if !strings.Contains(answer.Nothing, "no export was started") || !strings.Contains(log.String(), "nothing is done") {
			t.Errorf("%s: answered %+v, logged %s", name, answer, &log)
		}
	}
}
