package publish_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/cloud"
	"losttrn/internal/local/exportgen"
	"losttrn/internal/local/localtest"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/report"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/bucket/buckettest"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/publish"
	"losttrn/internal/teacher"
)

type fixture struct {
	t         *testing.T
	mail      *outbox
	client    *s3.Client
	figures   *localtest.Output
	publisher *publish.Publisher
}

func newFixture(t *testing.T) *fixture {
	client := buckettest.Server(t, nil, "exports", "reports")
	arns := map[dataset.Table]string{}
	for _, table := range dataset.Tables {
		arns[table] = exportgen.Export{Table: table}.TableARN()
	}
	mail := &outbox{sent: map[string]message.Email{}}
	figures := new(localtest.Output)
	return &fixture{t, mail, client, figures, &publish.Publisher{Metrics: metric.New(figures, "test", "report", time.Now), Mail: mail, Bucket: "reports", Exports: bucket.New(client, "exports"), Reports: bucket.New(client, "reports"),
		Tables: arns, Temp: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}}
}

// outbox is the queue of emails, which knows an email by its reference.
type outbox struct {
	mu   sync.Mutex
	sent map[string]message.Email
}

func (o *outbox) SendEmail(_ context.Context, email message.Email) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent[email.Reference()] = email
	return nil
}

// export puts a table's export of a run into the bucket and gives the key of its summary.
func (w *fixture) export(r dataset.Run, table dataset.Table, items ...exportgen.Item) string {
	w.t.Helper()
	dir := w.t.TempDir()
	e := exportgen.Export{Table: table, At: r.ExportTime(), Prefix: r.ExportPrefix(string(table))}
	if err := e.Write(dir, exportgen.Items(items...)); err != nil {
		w.t.Fatal(err)
	}
	buckettest.Upload(w.t, w.client, "exports", dir)
	return path.Join(e.Folder(), "manifest-summary.json")
}

func (w *fixture) handle(key string) (publish.Answer, error) {
	event := publish.Event{Source: "aws.s3"}
	event.Detail.Object.Key = key
	return w.publisher.Handle(w.t.Context(), event)
}

// must handles an event and checks what it led to.
func (w *fixture) must(key string, want publish.Outcome) {
	w.t.Helper()
	if answer, err := w.handle(key); err != nil || answer.Outcome != want {
		w.t.Fatalf("%s led to %+v, %v; want %s", key, answer, err, want)
	}
}

func (w *fixture) reports() map[string]string {
	w.t.Helper()
	return buckettest.Contents(w.t, w.client, "reports", "")
}

func (w *fixture) latest() report.Description {
	w.t.Helper()
	var d report.Description
	if err := json.Unmarshal([]byte(w.reports()[publish.LatestKey]), &d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

func dayRun(t *testing.T, day string) dataset.Run {
	t.Helper()
	d, err := teacher.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return dataset.RunOfDay(d)
}

func repeat() exportgen.Item {
	return exportgen.Item{"email": "a@example.com", "trns": exportgen.Item{"1000001": time.Unix(0, 0), "1000002": time.Unix(1, 0)}}
}

func (w *fixture) exportAll(r dataset.Run) (last string) {
	w.t.Helper()
	w.export(r, dataset.Emails, repeat())
	w.export(r, dataset.Lookups)
	return w.export(r, dataset.HelpdeskRequests)
}

func TestTheLastExportPublishesTheReportOnce(t *testing.T) {
	w := newFixture(t)
	r := dayRun(t, "2026-11-22")
	w.must(w.export(r, dataset.Lookups), publish.Waiting)
	w.must(w.export(r, dataset.HelpdeskRequests), publish.Waiting)
	if got := w.reports(); len(got) != 0 {
		t.Fatalf("half a report: %v", slices.Collect(maps.Keys(got)))
	}
	last := w.export(r, dataset.Emails, repeat())
	w.must(last, publish.Published)
	first := w.reports()
	want := []string{"reports/2026-11-22/helpdesk-requests.csv", "reports/2026-11-22/helpdesk.xlsx", "reports/2026-11-22/pending.csv",
		"reports/2026-11-22/repeat-emails.csv", "reports/2026-11-22/report.json", "reports/2026-11-22/report.sqlite",
		"reports/2026-11-22/summary.html", "reports/2026-11-22/undelivered.csv", "reports/2026-11-22/unlocks.csv",
		"reports/2026-11-22/unreadable.csv", "reports/latest.json"}
	if got := slices.Sorted(maps.Keys(first)); !slices.Equal(got, want) {
		t.Fatalf("published %v", got)
	}
	if first["reports/latest.json"] != first["reports/2026-11-22/report.json"] {
		t.Error("latest.json is not the run's")
	}
	if !strings.Contains(first["reports/2026-11-22/repeat-emails.csv"], "\r\na@example.com,a@example.com,,2,") {
		t.Error("the row is missing")
	}
	w.must(last, publish.Already)
	if !maps.Equal(first, w.reports()) {
		t.Error("the second event changed something")
	}
}

// TestTheHelpdeskIsToldOfEachNight, once, and of nothing that somebody asked for.
func TestTheHelpdeskIsToldOfEachNight(t *testing.T) {
	w := newFixture(t)
	first, second := dayRun(t, "2026-11-22"), dayRun(t, "2026-11-23")
	request := func(id string, at time.Time) exportgen.Item {
		return exportgen.Item{"lookupId": id, "requestedAt": at, "why": "no_match", "details": exportgen.Item{"email": id + "@example.com"}}
	}
	old, fresh := request("old", first.ExportTime().Add(-time.Hour)), request("new", first.ExportTime().Add(time.Hour))
	w.exportAll(first)
	w.must(w.export(first, dataset.HelpdeskRequests, old), publish.Published)
	w.exportAll(second)
	last := w.export(second, dataset.HelpdeskRequests, old, fresh)
	w.must(last, publish.Published)
	w.must(last, publish.Already)
	asked, err := dataset.RunAt(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), dataset.Days{})
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.exportAll(asked), publish.Published)
	want := map[string]message.Email{}
	for _, email := range []message.Email{
		message.NewReport("2026-11-22", message.Report{New: 1, Waiting: 1, Location: "s3://reports/reports/2026-11-22/"}),
		message.NewReport("2026-11-23", message.Report{New: 1, Waiting: 2, Location: "s3://reports/reports/2026-11-23/"}),
	} {
		want[email.Reference()] = email
	}
	if !maps.Equal(w.mail.sent, want) {
		t.Errorf("told %+v, want %+v", w.mail.sent, want)
	}
}

func TestEventsAtTheSameTimeGiveOneReport(t *testing.T) {
	w := newFixture(t)
	r := dayRun(t, "2026-11-22")
	last := w.exportAll(r)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := w.handle(last); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if d := w.latest(); d.Run != r.Name() || len(w.reports()) != 11 {
		t.Errorf("%+v", d)
	}
}

func TestLatestNeverGoesBack(t *testing.T) {
	w := newFixture(t)
	older, newer := w.exportAll(dayRun(t, "2026-11-21")), w.exportAll(dayRun(t, "2026-11-22"))
	w.must(newer, publish.Published)
	w.must(older, publish.Published)
	if d := w.latest(); d.Run != "2026-11-22" {
		t.Errorf("latest is %s", d.Run)
	}
	// A run asked for, of other days, is not what a reader of the newest report expects.
	days, err := dataset.ParseDays("2026-01-01", "2026-01-31")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := dataset.RunAt(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), days)
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.exportAll(asked), publish.Published)
	if d := w.latest(); d.Run != "2026-11-22" {
		t.Errorf("latest is %s", d.Run)
	}
	now, err := dataset.RunAt(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), dataset.Days{})
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.exportAll(now), publish.Published)
	if d := w.latest(); d.Run != now.Name() {
		t.Errorf("latest is %s", d.Run)
	}
}

// TestWhatIsNewIsToldByTheReportBefore: the newest older one, whatever was asked for in between.
func TestWhatIsNewIsToldByTheReportBefore(t *testing.T) {
	w := newFixture(t)
	days, err := dataset.ParseDays("2026-01-01", "2026-01-31")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := dataset.RunAt(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), days)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []dataset.Run{dayRun(t, "2026-11-20"), dayRun(t, "2026-11-21"), asked, dayRun(t, "2026-11-23"), dayRun(t, "2026-11-22")} {
		w.must(w.exportAll(r), publish.Published)
	}
	for run, want := range map[string]string{"2026-11-20": "", "2026-11-21": "2026-11-20T00:00:00Z", "2026-11-23": "2026-11-21T00:00:00Z", "2026-11-22": "2026-11-21T00:00:00Z"} {
		var d report.Description
		if err := json.Unmarshal([]byte(w.reports()["reports/"+run+"/report.json"]), &d); err != nil || d.Previous != want {
			t.Errorf("before %s is %q, want %q (%v)", run, d.Previous, want, err)
		}
	}
}

// TestACrashBeforeLatest: everything is there but latest.json, which the next event mends.
func TestACrashBeforeLatest(t *testing.T) {
	w := newFixture(t)
	last := w.exportAll(dayRun(t, "2026-11-22"))
	w.must(last, publish.Published)
	buckettest.Delete(t, w.client, "reports", publish.LatestKey)
	w.must(last, publish.Already)
	if d := w.latest(); d.Run != "2026-11-22" {
		t.Errorf("latest is %s", d.Run)
	}
}

func TestAnExportByHandIsLeftAlone(t *testing.T) {
	w := newFixture(t)
	for _, key := range []string{"AWSDynamoDB/1/manifest-summary.json", "by-hand/x/manifest-summary.json", "runs/other/emails/AWSDynamoDB/1/manifest-summary.json"} {
		w.must(key, publish.Foreign)
	}
}

// TestADamagedExportPublishesNothing, and the failure names the file.
func TestADamagedExportPublishesNothing(t *testing.T) {
	w := newFixture(t)
	r := dayRun(t, "2026-11-22")
	last := w.exportAll(r)
	var data string
	for key := range buckettest.Contents(t, w.client, "exports", r.ExportPrefix("emails")) {
		if strings.HasSuffix(key, ".json.gz") {
			data = key
		}
	}
	buckettest.Delete(t, w.client, "exports", data)
	_, err := w.handle(last)
	var refusal *dataset.Refusal
	if !errors.As(err, &refusal) || refusal.File != data {
		t.Errorf("%v", err)
	}
	if got := w.reports(); len(got) != 0 {
		t.Errorf("published %v", slices.Collect(maps.Keys(got)))
	}
}

func TestAnExportOfAnotherTableIsRefused(t *testing.T) {
	w := newFixture(t)
	last := w.exportAll(dayRun(t, "2026-11-22"))
	w.publisher.Tables[dataset.Emails] += "-of-production"
	if _, err := w.handle(last); err == nil || !strings.Contains(err.Error(), "is of another table") {
		t.Errorf("%v", err)
	}
}

// TestAFailedAttemptIsPassedOver: the first export of the emails failed half-way, the second is complete.
func TestAFailedAttemptIsPassedOver(t *testing.T) {
	w := newFixture(t)
	r := dayRun(t, "2026-11-22")
	failed := bucket.New(w.client, "exports")
	if err := failed.PutFile(t.Context(), r.ExportPrefix("emails")+"/AWSDynamoDB/00-failed/data/x.json.gz", "", buckettest.File(t, "half")); err != nil {
		t.Fatal(err)
	}
	w.must(w.exportAll(r), publish.Published)
}

// TestLogsHoldNothingPersonal, of a report and of a refusal.
func TestLogsHoldNothingPersonal(t *testing.T) {
	w := newFixture(t)
	var log bytes.Buffer
	w.publisher.Log = slog.New(slog.NewJSONHandler(&log, nil))
	r := dayRun(t, "2026-11-22")
	w.exportAll(r)
	w.must(w.export(r, dataset.Emails, exportgen.Item{"email": "canary@example.com", "asTyped": "Canary@example.com",
		"trns": exportgen.Item{"7654321": time.Unix(0, 0), "7654322": time.Unix(1, 0)}}), publish.Published)
	bad := dayRun(t, "2026-11-23")
	w.exportAll(bad)
	w.must(w.export(bad, dataset.Lookups, exportgen.Item{"lookupId": "canary-id", "receivedAt": "canary-time", "email": "canary@example.com", "trn": "7654321"}), publish.Published)
	if text := strings.ToLower(log.String()); strings.Contains(text, "canary") || strings.Contains(text, "765432") || !strings.Contains(text, `"unreadable":1`) {
		t.Errorf("the log: %s", text)
	}
}

// TestTheEventsToInvokeItWith are those of `sam local invoke`.
func TestTheEventsToInvokeItWith(t *testing.T) {
	for file, want := range map[string]publish.Outcome{"export-complete.json": publish.Waiting, "export-by-hand.json": publish.Foreign} {
		body, err := os.ReadFile("../../../functions/report/events/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var event publish.Event
		if err := json.Unmarshal(body, &event); err != nil {
			t.Fatal(err)
		}
		if answer, err := newFixture(t).publisher.Handle(t.Context(), event); err != nil || answer.Outcome != want {
			t.Errorf("%s: %+v, %v", file, answer, err)
		}
	}
}

// TestAForeignEventPublishesNothing, also one that names a run's export but comes from elsewhere.
func TestAForeignEventPublishesNothing(t *testing.T) {
	w := newFixture(t)
	last := w.exportAll(dayRun(t, "2026-11-22"))
	foreign := localtest.ForeignEvents()
	foreign["a run's export of another service"] = `{"source":"aws.health","detail":{"object":{"key":"` + last + `"}}}`
	for name, raw := range foreign {
		answer, err := cloud.AnyEvent(w.publisher.Handle)(t.Context(), json.RawMessage(raw))
		if err != nil || answer.Outcome != publish.Foreign {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	if got := w.reports(); len(got) > 0 {
		t.Errorf("published %v", slices.Collect(maps.Keys(got)))
	}
}
