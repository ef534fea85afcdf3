// Package export asks DynamoDB to export the tables of the reports to S3: all tables of a run at the same moment, and
// each once, however often it is called.
package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

// API is the calls of DynamoDB that an Exporter makes.
type API interface {
	ExportTableToPointInTime(context.Context, *dynamodb.ExportTableToPointInTimeInput, ...func(*dynamodb.Options)) (*dynamodb.ExportTableToPointInTimeOutput, error)
	DescribeExport(context.Context, *dynamodb.DescribeExportInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeExportOutput, error)
}

// Lister lists the objects of the export bucket.
type Lister interface {
	List(ctx context.Context, prefix string) ([]string, error)
}

// Event asks for a run; an event with other members starts nothing. The schedule sends ScheduledTime, whose day in
// Europe/London is the run, so that an event that arrives late or twice asks for the same run. A person sends At, for a
// report of another moment, and with it the days that it should cover. An empty event is the run of today.
type Event struct {
	ScheduledTime string `json:"scheduledTime,omitempty"`
	At            string `json:"at,omitempty"`
	From          string `json:"from,omitempty"`
	To            string `json:"to,omitempty"`
}

// Answer is the state of a run's exports.
type Answer struct {
	Run     string                   `json:"run,omitempty"`
	Tables  map[dataset.Table]Status `json:"tables,omitempty"`
	Nothing string                   `json:"nothing,omitempty"` // why nothing was done
}

// notAsked answers an event that asks for no run: the console's test event, a warmer's, or another service's.
const notAsked = "The event has neither the schedule's shape nor that of days asked for: no export was started."

// Status is the state of a table's export.
type Status string

// The states of an export.
const (
	Started    Status = "started"     // by this call, or by one at the same time
	InProgress Status = "in_progress" // since an earlier call
	Complete   Status = "complete"
)

// attempts is how often an export that failed is tried again in one run.
const attempts = 3

// late is the age from which an export in progress is an error. The tables take minutes.
const late = 2 * time.Hour

// Exporter starts exports.
type Exporter struct {
	API    API
	Bucket string // to export to
	Files  Lister // of that bucket
	Tables map[dataset.Table]string
	Clock  func() time.Time
	Log    *slog.Logger
}

// Handle starts the exports that an event asks for. An event with members that Event lacks starts nothing and is
// answered so, because no other caller of the function may export the tables.
func (e *Exporter) Handle(ctx context.Context, raw json.RawMessage) (Answer, error) {
	var event *Event
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&event); err != nil || event == nil {
		e.Log.WarnContext(ctx, "not an event that asks for exports: nothing is done")
		return Answer{Nothing: notAsked}, nil
	}
	return e.Start(ctx, *event)
}

// Start ensures that every table's export of the run is complete or in progress. A repeated call starts a failed export
// again and notices one that takes too long; both end in an error if they persist.
//
// DynamoDB knows a client token for eight hours only, so what has been started is read from the bucket first: an
// export writes a file there at once. Two calls at the same time are one to DynamoDB, by the token.
func (e *Exporter) Start(ctx context.Context, event Event) (Answer, error) {
	r, err := e.run(event)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Run: r.Name(), Tables: map[dataset.Table]Status{}}
	var failures []error
	for _, table := range dataset.Tables {
		status, err := e.table(ctx, r, table)
		if err != nil {
			failures = append(failures, fmt.Errorf("export %s: %w", table, err))
			e.Log.ErrorContext(ctx, "export failed", "run", r.Name(), "table", string(table), "reason", fault.Reason(err), "error", err.Error())
			continue
		}
		answer.Tables[table] = status
		e.Log.InfoContext(ctx, "export", "run", r.Name(), "table", string(table), "status", string(status))
	}
	return answer, errors.Join(failures...)
}

func (e *Exporter) run(event Event) (dataset.Run, error) {
	now := e.Clock()
	if event.At == "" {
		if event.From != "" || event.To != "" {
			return dataset.Run{}, fmt.Errorf("%w: from and to go with at, the moment to report", fault.Invalid)
		}
		day := now
		if event.ScheduledTime != "" {
			scheduled, err := time.Parse(time.RFC3339, event.ScheduledTime)
			if err != nil {
				return dataset.Run{}, fmt.Errorf("%w: scheduledTime is not a time", fault.Invalid)
			}
			day = scheduled
		}
		return dataset.RunOfDay(teacher.LondonDate(day)), nil
	}
	at, err := time.Parse(time.RFC3339, event.At)
	if err != nil || at.After(now) {
		return dataset.Run{}, fmt.Errorf("%w: at is not a time in the past, like 2026-11-22T22:15:00Z", fault.Invalid)
	}
	days, err := dataset.ParseDays(event.From, event.To)
	if err != nil {
		return dataset.Run{}, err
	}
	return dataset.RunAt(at, days)
}

// table ensures the export of one table.
func (e *Exporter) table(ctx context.Context, r dataset.Run, table dataset.Table) (Status, error) {
	found, err := e.started(ctx, r, table)
	if err != nil {
		return "", err
	}
	failed := 0
	for id, complete := range found {
		if complete {
			return Complete, nil
		}
		status, err := e.describe(ctx, table, id)
		if err != nil {
			return "", err
		}
		if status == types.ExportStatusFailed {
			failed++
			continue
		}
		return InProgress, nil
	}
	for ; failed < attempts; failed++ {
		status, err := e.export(ctx, r, table, failed+1)
		if err != nil {
			return "", err
		}
		if status != types.ExportStatusFailed {
			return Started, nil
		}
	}
	return "", fault.New(fault.Unavailable, "export_failed_repeatedly")
}

// started finds the run's exports of a table by their ids, and whether the last file of each is there.
func (e *Exporter) started(ctx context.Context, r dataset.Run, table dataset.Table) (map[string]bool, error) {
	prefix := r.ExportPrefix(string(table)) + "/AWSDynamoDB/"
	keys, err := e.Files.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, key := range keys {
		id, _, _ := strings.Cut(strings.TrimPrefix(key, prefix), "/")
		found[id] = found[id] || key == path.Join(prefix, id, "manifest-summary.json")
	}
	return found, nil
}

// describe returns the status of an export, and an error for one that is late.
func (e *Exporter) describe(ctx context.Context, table dataset.Table, id string) (types.ExportStatus, error) {
	out, err := e.API.DescribeExport(ctx, &dynamodb.DescribeExportInput{ExportArn: aws.String(e.Tables[table] + "/export/" + id)})
	if err != nil {
		return "", cloud.Failure("describe export", err)
	}
	d := out.ExportDescription
	if d.ExportStatus == types.ExportStatusInProgress && d.StartTime != nil && e.Clock().Sub(*d.StartTime) > late {
		return "", fault.New(fault.Unavailable, "export_late")
	}
	return d.ExportStatus, nil
}

func (e *Exporter) export(ctx context.Context, r dataset.Run, table dataset.Table, attempt int) (types.ExportStatus, error) {
	out, err := e.API.ExportTableToPointInTime(ctx, &dynamodb.ExportTableToPointInTimeInput{
		TableArn:       aws.String(e.Tables[table]),
		S3Bucket:       aws.String(e.Bucket),
		S3Prefix:       aws.String(r.ExportPrefix(string(table))),
		S3SseAlgorithm: types.S3SseAlgorithmAes256,
		ExportFormat:   types.ExportFormatDynamodbJson,
		ExportTime:     aws.Time(r.ExportTime()),
		ClientToken:    aws.String(e.token(r, table, attempt)),
	})
	if err != nil {
		return "", cloud.Failure("start export", err)
	}
	return out.ExportDescription.ExportStatus, nil
}

// token returns a client token that is the same for the same attempt at the same export, and unique in the account
// otherwise.
func (e *Exporter) token(r dataset.Run, table dataset.Table, attempt int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d", e.Tables[table], e.Bucket, r.Name(), attempt))
	return fmt.Sprintf("%x", sum[:18])
}
