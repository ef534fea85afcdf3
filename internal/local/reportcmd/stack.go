package reportcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/running"
	"losttrn/internal/report"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/export"
	"losttrn/internal/report/publish"
)

// Stack is a request for reports from a local stack.
type Stack struct {
	StateFile string // the file of the running stack
	Days      dataset.Days
	Out       string // the folder of the report; it is replaced as a whole
	Clock     func() time.Time
	Say       func(line string) // is called with each step
	// Timeout is how long the stack may take to publish the report.
	Timeout time.Duration
}

// Make invokes the stack's export function for the current state of the tables, waits for the report function, which
// the export's files trigger as in AWS, and downloads the published report.
func (s Stack) Make(ctx context.Context) (*report.Description, error) {
	stack, err := s.find(ctx)
	if err != nil {
		return nil, err
	}
	at, err := s.nextSecond(ctx)
	if err != nil {
		return nil, err
	}
	event := export.Event{At: at.Format(time.RFC3339), From: s.Days.From.ISO(), To: s.Days.To.ISO()}
	var asked export.Answer
	if err := invoke(ctx, stack, "ExportFunction", event, &asked); err != nil {
		return nil, err
	}
	s.Say("The export function started run " + asked.Run + "; waiting for the report function")
	client := bucket.NewClient(local.Config(), stack.Endpoints["s3"])
	exports, reports := bucket.New(client, stack.Buckets["export"]), bucket.New(client, stack.Buckets["report"])
	r, err := dataset.ParseRun(asked.Run)
	if err != nil {
		return nil, err
	}
	if err := s.wait(ctx, stack, r, exports, reports); err != nil {
		return nil, err
	}
	var made *report.Description
	err = Replace(s.Out, func(dir string) (err error) {
		made, err = downloadReport(ctx, reports, r, dir)
		return err
	})
	return made, err
}

// nextSecond waits for the beginning of the next second and returns it. An export is of a whole second, and must
// include everything that happened until now.
func (s Stack) nextSecond(ctx context.Context) (time.Time, error) {
	now := s.Clock()
	next := now.UTC().Truncate(time.Second).Add(time.Second)
	timer := time.NewTimer(next.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return next, nil
	case <-ctx.Done():
		return next, ctx.Err()
	}
}

// find returns the stack to report.
func (s Stack) find(ctx context.Context) (running.Stack, error) {
	stack, err := running.Find(ctx, s.StateFile)
	if errors.Is(err, running.ErrNone) {
		return stack, fmt.Errorf("%w, or name a downloaded export with EXPORT=folder", err)
	}
	if err == nil && (stack.Buckets["export"] == "" || stack.Buckets["report"] == "" || stack.Endpoints["s3"] == "") {
		err = fmt.Errorf("%s names no buckets for exports and reports", s.StateFile)
	}
	return stack, err
}

// pause is the time between two checks for the report.
const pause = 100 * time.Millisecond

// wait returns when the run's report is published. If that takes too long, it invokes the report function, which is
// harmless, to get the reason.
func (s Stack) wait(ctx context.Context, stack running.Stack, r dataset.Run, exports, reports *bucket.Bucket) error {
	waiting, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		_, _, err := reports.Document(waiting, description(r))
		if err == nil {
			return nil
		}
		if !errors.Is(err, fs.ErrNotExist) && waiting.Err() == nil {
			return err
		}
		select {
		case <-tick.C:
		case <-waiting.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return s.ask(ctx, stack, r, exports)
		}
	}
}

// ask invokes the report function for the run.
func (s Stack) ask(ctx context.Context, stack running.Stack, r dataset.Run, exports *bucket.Bucket) error {
	s.Say("The events have not led to a report; asking the report function itself")
	keys, err := exports.List(ctx, r.ExportFolder())
	if err != nil {
		return err
	}
	for _, key := range keys {
		if filepath.Base(key) != "manifest-summary.json" {
			continue
		}
		var event publish.Event
		event.Detail.Object.Key = key
		var answer publish.Answer
		if err := invoke(ctx, stack, "ReportFunction", event, &answer); err != nil {
			return err
		}
		if answer.Outcome == publish.Published || answer.Outcome == publish.Already {
			return nil
		}
	}
	return fmt.Errorf("the exports of run %s have not come to an end within %s; the logs are in %s", r.Name(), s.Timeout, stack.Logs)
}

// invoke invokes a function of the stack. The error is the function's own, or says that it was not invoked.
func invoke(ctx context.Context, stack running.Stack, function string, event, into any) error {
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	answer, err := stack.Invoke(ctx, function, body)
	if err != nil {
		return err
	}
	if answer.Failed {
		var failure struct{ ErrorMessage string }
		if json.Unmarshal(answer.Body, &failure) == nil && failure.ErrorMessage != "" {
			return fmt.Errorf("%s failed: %s", function, failure.ErrorMessage)
		}
		return fmt.Errorf("%s failed: %s", function, bytes.TrimSpace(answer.Body))
	}
	return json.Unmarshal(answer.Body, into)
}

func description(r dataset.Run) string {
	return publish.Folder + r.Name() + "/" + report.DescriptionFile
}

// downloadReport downloads the files of a published report.
func downloadReport(ctx context.Context, reports *bucket.Bucket, r dataset.Run, dir string) (*report.Description, error) {
	body, _, err := reports.Document(ctx, description(r))
	if err != nil {
		return nil, err
	}
	var made report.Description
	if err := json.Unmarshal(body, &made); err != nil {
		return nil, fmt.Errorf("read the report's description: %w", err)
	}
	for _, file := range made.Files {
		if err := download(ctx, reports, file.Key, filepath.Join(dir, filepath.Base(file.Name))); err != nil {
			return nil, err
		}
	}
	return &made, os.WriteFile(filepath.Join(dir, report.DescriptionFile), body, 0o600)
}

func download(ctx context.Context, from *bucket.Bucket, key, name string) error {
	object, err := from.Open(ctx, key)
	if err != nil {
		return err
	}
	defer object.Close()
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, object)
	return errors.Join(err, file.Close())
}
