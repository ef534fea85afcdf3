// Package publish makes the reports of a run when the last of its exports is complete, and uploads them for the
// helpdesk:
//
//	reports/<run>/…            the files of package report; report.json, the last to be written, says that all are there
//	reports/latest.json        the same as the report.json of the newest run
//
// A reader follows latest.json and never sees an incomplete report. Last, one email tells the helpdesk's mailbox of the
// night's report.
package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"mime"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

// Event is EventBridge's "Object Created" of S3, as far as it is needed.
type Event struct {
	Source string `json:"source"`
	Detail struct {
		Object struct {
			Key string `json:"key"`
		} `json:"object"`
	} `json:"detail"`
}

// Store is the report bucket. Its errors are fs.ErrNotExist and those of package fault.
type Store interface {
	List(ctx context.Context, prefix string) ([]string, error)
	Document(ctx context.Context, key string) (body []byte, version string, err error)
	PutDocument(ctx context.Context, key, contentType string, body []byte, version string) error
	PutFile(ctx context.Context, key, contentType, name string) error
}

// Mailer queues emails; each is sent once, however often it is queued.
type Mailer interface {
	SendEmail(ctx context.Context, email message.Email) error
}

// Metrics takes figures about the service.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
}

// Answer is the outcome of an event, with its run.
type Answer struct {
	Run     string  `json:"run,omitempty"`
	Outcome Outcome `json:"outcome"`
}

// Outcome is the outcome of an event.
type Outcome string

// The outcomes of an event.
const (
	Published Outcome = "published"
	Already   Outcome = "already_published"
	Waiting   Outcome = "waiting_for_exports" // the event of the last one will do it
	Foreign   Outcome = "not_of_a_run"        // an export that somebody made by hand, or an event of something else
)

const (
	// Folder is the prefix of all objects in the report bucket.
	Folder = "reports/"
	// LatestKey is the description of the newest report.
	LatestKey = Folder + "latest.json"

	jsonType = "application/json"
)

// Publisher makes and publishes reports.
type Publisher struct {
	Exports dataset.Source
	Reports Store
	Tables  map[dataset.Table]string // their ARNs: an export of another table is refused
	Temp    string                   // where reports are made; "" is the system's folder for it
	Mail    Mailer                   // of the nightly email
	Bucket  string                   // the name of the report bucket, for that email
	Metrics Metrics                  // takes "reports" that are published, and "matches_pending" of a night's
	Log     *slog.Logger
}

// Handle handles the event of a summary manifest. A *dataset.Refusal is final; after any other error a retry may
// succeed.
func (p *Publisher) Handle(ctx context.Context, event Event) (Answer, error) {
	answer, err := Answer{Outcome: Foreign}, error(nil)
	if event.Source == "aws.s3" {
		answer, err = p.publish(ctx, event.Detail.Object.Key)
	}
	switch {
	case err != nil:
		p.Log.ErrorContext(ctx, "no report", "run", answer.Run, "reason", fault.Reason(err), "error", err.Error())
	default:
		if answer.Outcome == Published {
			p.Metrics.Count("reports", 1)
		}
		p.Log.InfoContext(ctx, "report", "run", answer.Run, "outcome", string(answer.Outcome))
	}
	return answer, err
}

func (p *Publisher) publish(ctx context.Context, key string) (Answer, error) {
	r, ok := runOf(key)
	if !ok {
		return Answer{Outcome: Foreign}, nil
	}
	answer := Answer{Run: r.Name()}
	complete, err := p.complete(ctx, r)
	if err != nil {
		return answer, err
	}
	if !complete {
		answer.Outcome = Waiting
		return answer, nil
	}
	folder := Folder + r.Name() + "/"
	answer.Outcome = Already
	description, _, err := p.Reports.Document(ctx, folder+report.DescriptionFile)
	if errors.Is(err, fs.ErrNotExist) {
		answer.Outcome = Published
		description, err = p.make(ctx, r, folder)
	}
	if err != nil {
		return answer, err
	}
	if err := p.latest(ctx, r, description); err != nil {
		return answer, err
	}
	return answer, p.announce(ctx, r, description)
}

// announce queues the email about a night's report, and records how many matches were not decided within an hour, for
// the alarm. A report that a person asked for is not announced.
func (p *Publisher) announce(ctx context.Context, r dataset.Run, description []byte) error {
	if r != dataset.RunOfDay(teacher.LondonDate(r.ExportTime())) {
		return nil
	}
	var made report.Description
	if err := json.Unmarshal(description, &made); err != nil {
		return fmt.Errorf("read the description of run %s: %w", r.Name(), err)
	}
	p.Metrics.Count("matches_pending", made.Counts.Pending)
	return p.Mail.SendEmail(ctx, message.NewReport(r.Name(), message.Report{New: made.Counts.NewWaiting, Waiting: made.Counts.Waiting,
		Location: "s3://" + p.Bucket + "/" + Folder + r.Name() + "/"}))
}

// runOf returns the run in the key of one of its manifests.
func runOf(key string) (dataset.Run, bool) {
	rest, ok := strings.CutPrefix(key, dataset.ExportFolder)
	if !ok {
		return dataset.Run{}, false
	}
	name, _, _ := strings.Cut(rest, "/")
	r, err := dataset.ParseRun(name)
	return r, err == nil
}

// complete reports whether each table has an export whose last file is there.
func (p *Publisher) complete(ctx context.Context, r dataset.Run) (bool, error) {
	names, err := p.Exports.List(ctx, r.ExportFolder())
	if err != nil {
		return false, err
	}
	done := map[string]bool{}
	for _, name := range names {
		if path.Base(name) == "manifest-summary.json" {
			table, _, _ := strings.Cut(strings.TrimPrefix(name, r.ExportFolder()), "/")
			done[table] = true
		}
	}
	for _, table := range dataset.Tables {
		if !done[string(table)] {
			return false, nil
		}
	}
	return true, nil
}

// make makes the run's report and uploads it, its description last. Concurrent calls upload files of the same content.
func (p *Publisher) make(ctx context.Context, r dataset.Run, folder string) ([]byte, error) {
	search := dataset.Search{Prefix: r.ExportFolder(), Naming: dataset.ByARN(p.Tables), PassIncomplete: true}
	set, err := search.Find(ctx, p.Exports)
	if err != nil {
		return nil, err
	}
	dir, err := report.Temporary(p.Temp)
	if err != nil {
		return nil, fmt.Errorf("make the report: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := report.Sweep(dir); err != nil {
		p.Log.WarnContext(ctx, "abandoned reports are left", "error", err.Error())
	}
	previous, err := p.previous(ctx, r)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	made, err := report.Make(ctx, p.Exports, set, report.Options{Days: r.Days(), Previous: previous, Dir: dir})
	if err != nil {
		return nil, err
	}
	p.Log.InfoContext(ctx, "report made", "run", r.Name(), "items", made.Items, "unreadable", made.Unreadable, "milliseconds", time.Since(started).Milliseconds())
	made.Run = r.Name()
	for i := range made.Files {
		file := &made.Files[i]
		file.Key = folder + file.Name
		if err := p.Reports.PutFile(ctx, file.Key, contentType(file.Name), filepath.Join(dir, file.Name)); err != nil {
			return nil, err
		}
	}
	if err := report.WriteDescription(dir, made); err != nil {
		return nil, fmt.Errorf("make the report: %w", err)
	}
	name := filepath.Join(dir, report.DescriptionFile)
	if err := p.Reports.PutFile(ctx, folder+report.DescriptionFile, jsonType, name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

// previous returns the moment of the newest report that is older than a run, zero if there is none. Runs about chosen
// days do not count, because they are not announced.
func (p *Publisher) previous(ctx context.Context, r dataset.Run) (newest time.Time, err error) {
	keys, err := p.Reports.List(ctx, Folder)
	if err != nil {
		return newest, err
	}
	for _, key := range keys {
		folder, file := path.Split(strings.TrimPrefix(key, Folder))
		if file != report.DescriptionFile {
			continue
		}
		other, err := dataset.ParseRun(path.Clean(folder))
		if err == nil && other.Days() == (dataset.Days{}) && other.ExportTime().Before(r.ExportTime()) && other.ExportTime().After(newest) {
			newest = other.ExportTime()
		}
	}
	return newest, nil
}

// latest records the run as the newest, unless a newer one is recorded or the run is about chosen days, which a reader
// of the newest report does not expect.
func (p *Publisher) latest(ctx context.Context, r dataset.Run, description []byte) error {
	if r.Days() != (dataset.Days{}) {
		return nil
	}
	for {
		body, version, err := p.Reports.Document(ctx, LatestKey)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil {
			var known report.Description
			if err := json.Unmarshal(body, &known); err != nil {
				return fmt.Errorf("read %s: %w", LatestKey, err)
			}
			knownRun, err := dataset.ParseRun(known.Run)
			if err == nil && (known.Run == r.Name() || knownRun.ExportTime().After(r.ExportTime())) {
				return nil
			}
		}
		err = p.Reports.PutDocument(ctx, LatestKey, jsonType, description, version)
		if !errors.Is(err, fault.Conflict) {
			return err
		}
	}
}

func contentType(name string) string {
	switch filepath.Ext(name) {
	case ".csv":
		return mime.FormatMediaType("text/csv", map[string]string{"charset": "utf-8", "header": "present"})
	case ".html":
		return "text/html; charset=utf-8"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".sqlite":
		return "application/vnd.sqlite3"
	}
	return jsonType
}
