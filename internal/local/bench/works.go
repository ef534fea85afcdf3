package bench

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/local/buckets"
	"losttrn/internal/local/exportgen"
	"losttrn/internal/local/exports"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/trigger"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/publish"
	"losttrn/internal/teacher"
)

// work is what a function is measured at: one event, handled again and again.
type work struct {
	name, function string
	environment    map[string]string // beside what Lambda sets
	before, rounds int               // events before the time is taken, and those of which it is
	once           func(*host) (time.Duration, error)
}

// How much the functions that nobody waits for have to do at an event.
const (
	loadedRows    = 500
	reportedItems = 5_000
)

// waitedFor are the works of the functions that people wait for.
func (w *workbench) waitedFor() (all []work) {
	for _, function := range []string{"lookup", "unlock", "notify"} {
		all = append(all, work{name: function, function: function, before: warmUp, rounds: 150,
			once: func(h *host) (time.Duration, error) { return w.ours(h, function, 1) }})
	}
	return all
}

// others are the works of the other functions, whose buckets are made once.
func (w *workbench) others(ctx context.Context) (all []work, err error) {
	if w.made == nil {
		w.made, err = w.makeOthers(ctx)
	}
	return w.made, err
}

func (w *workbench) makeOthers(ctx context.Context) ([]work, error) {
	store, err := buckets.Open(filepath.Join(w.dir, "buckets"), func(buckets.Created) {})
	if err != nil {
		return nil, err
	}
	objects, err := w.serve(store.Handler())
	if err != nil {
		return nil, err
	}
	exported, reported, register := w.functions["report"].Environment["EXPORT_BUCKET"], w.functions["report"].Environment["REPORT_BUCKET"], w.functions["load"].Environment["REGISTER_BUCKET"]
	for _, name := range []string{exported, reported, register} {
		if err := store.Create(name); err != nil {
			return nil, err
		}
	}
	toStore := map[string]string{"AWS_ENDPOINT_URL_S3": objects}
	receipts, err := w.receipts()
	if err != nil {
		return nil, err
	}
	export, err := w.export(ctx, store, toStore)
	if err != nil {
		return nil, err
	}
	night := dataset.RunOfDay(reportedDay)
	manifest, arns, err := w.putExports(store, exported, night)
	if err != nil {
		return nil, err
	}
	arns["AWS_ENDPOINT_URL_S3"] = objects
	rounds := 0
	return []work{receipts, export,
		{name: fmt.Sprintf("report, %d items", reportedItems), function: "report", environment: arns, before: 1, rounds: 3,
			once: func(h *host) (time.Duration, error) {
				// As if it had not been made before.
				if _, err := store.DeleteObject(reported, publish.Folder+night.Name()+"/"+report.DescriptionFile); err != nil {
					return 0, err
				}
				return h.timed(created(exported, manifest, ""), string(publish.Published))
			}},
		{name: fmt.Sprintf("load, %d rows that change", loadedRows), function: "load", environment: toStore, before: 1, rounds: 3,
			once: func(h *host) (time.Duration, error) {
				rounds++
				key := fmt.Sprintf("incoming/bench-%d.csv", rounds)
				changed := extract(people-loadedRows, people, time.Date(2025, 6, 2, 0, 0, rounds, 0, time.UTC)) // newer by a second each time
				if err := store.Put(register, key, "text/csv", changed); err != nil {
					return 0, err
				}
				return h.timed(created(register, key, fmt.Sprintf("%x", md5.Sum(changed))), `"loaded"`)
			}}}, nil
}

// created is the event of an object in a bucket.
func created(bucket, key, etag string) []byte {
	return trigger.ObjectCreated{Bucket: bucket, Key: key, ETag: etag, Reason: "PutObject"}.Event(naming.Account, naming.Region, time.Now())
}

// receipts is the work of taking receipts for lookups that there are not, which the condition of the write says.
func (w *workbench) receipts() (work, error) {
	tokens, err := w.secrets.Get(w.functions["receipts"].Environment["RECEIPT_TOKENS_PARAMETER"])
	if err != nil {
		return work{}, err
	}
	return work{name: "receipts", function: "receipts", before: warmUp, rounds: 150, once: func(h *host) (time.Duration, error) {
		p, err := w.next()
		if err != nil {
			return 0, err
		}
		body, _ := json.Marshal(map[string]string{"reference": lookupID(p) + "-trn", "status": "delivered", "completed_at": "2026-05-01T09:00:04Z"})
		return h.timed(posted("/v1/notify-receipts", string(body), "Bearer "+tokens.Value), `"statusCode":204`)
	}}, nil
}

// export is the work of asking for the exports of a moment, another one each time.
func (w *workbench) export(ctx context.Context, store *buckets.Store, toStore map[string]string) (work, error) {
	exporter, err := exports.Open(exports.Options{DynamoDB: w.servers.DynamoDB, Objects: store, State: filepath.Join(w.dir, "exports.json"),
		ARN:         func(table string) string { return naming.ARN("dynamodb", "table/"+table) },
		Recoverable: func(string) bool { return true }, Report: func(error) {}})
	if err != nil {
		return work{}, err
	}
	w.undo = append(w.undo, exporter.Close)
	handler, err := exporter.Handler()
	if err != nil {
		return work{}, err
	}
	address, err := w.serve(handler)
	if err != nil {
		return work{}, err
	}
	moment := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	return work{name: "export", function: "export", before: 3, rounds: 15,
		environment: map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": address, "AWS_ENDPOINT_URL_S3": toStore["AWS_ENDPOINT_URL_S3"]},
		once: func(h *host) (time.Duration, error) {
			moment = moment.Add(time.Second)
			return h.timed([]byte(`{"at":"`+moment.Format(time.RFC3339)+`"}`), "started")
		}}, ctx.Err()
}

// reportedDay is the day of the run that is reported.
var reportedDay, _ = teacher.NewDate(2026, 11, 22)

// putExports puts the exports of a run into their bucket. It returns the key of a manifest, and the tables' names by variable.
func (w *workbench) putExports(store *buckets.Store, bucket string, run dataset.Run) (manifest string, arns map[string]string, err error) {
	arns = map[string]string{}
	variables := map[dataset.Table]string{dataset.Emails: "EMAILS_TABLE_ARN", dataset.Lookups: "LOOKUPS_TABLE_ARN", dataset.HelpdeskRequests: "HELPDESK_REQUESTS_TABLE_ARN"}
	for table, variable := range variables {
		dir := filepath.Join(w.dir, "export of "+string(table))
		e := exportgen.Export{Table: table, At: run.ExportTime(), Prefix: run.ExportPrefix(string(table))}
		if err := (exportgen.Service{Seed: 1, Items: reportedItems, At: e.At, Prefix: e.Prefix}).Write(dir); err != nil {
			return "", nil, err
		}
		arns[variable], manifest = e.TableARN(), e.Folder()+"/manifest-summary.json"
		err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(e.Folder())), func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			key, err := filepath.Rel(dir, file)
			if err != nil {
				return err
			}
			return store.Put(bucket, filepath.ToSlash(key), "application/octet-stream", content)
		})
		if err != nil {
			return "", nil, err
		}
	}
	return manifest, arns, nil
}
