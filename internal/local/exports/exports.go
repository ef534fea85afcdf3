// Package exports emulates DynamoDB's export to S3, which the local DynamoDB server lacks: it is a proxy before that
// server that answers the export calls itself, and passes all others on.
//
// An export holds the table as it was at the export time, reconstructed from the times in its items, because the local
// server keeps no history. It can go back any time, whereas DynamoDB goes back 35 days, so that the events in the
// repository, which name fixed days, work on any day.
package exports

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/exportlayout"
	"losttrn/internal/local/statefile"
)

// Bucket is where exports are written.
type Bucket interface {
	Put(bucket, key, contentType string, content []byte) error
}

// Options describe an Exporter.
type Options struct {
	// DynamoDB is the address of the server.
	DynamoDB string
	// Objects stores the files.
	Objects Bucket
	// State is the file that records the exports.
	State string
	// ARN returns the ARN of a table's name.
	ARN func(table string) string
	// Recoverable reports whether a table has point-in-time recovery, which an export requires.
	Recoverable func(table string) bool
	Report      func(error)
}

// Exporter makes exports.
type Exporter struct {
	o   Options
	now func() time.Time

	mu      sync.Mutex
	exports []*export // oldest first
	running sync.WaitGroup
	ctx     context.Context
	cancel  context.CancelFunc
}

// export is one export, with its members as the API names them.
type export struct {
	ExportArn      string
	ExportStatus   string
	StartTime      time.Time
	EndTime        time.Time
	ExportManifest string
	TableArn       string
	TableID        string
	ExportTime     time.Time
	ClientToken    string
	S3Bucket       string
	S3Prefix       string
	BilledSize     int64
	ItemCount      int64
	FailureCode    string
	FailureMessage string
}

const (
	inProgress = "IN_PROGRESS"
	completed  = "COMPLETED"
	failed     = "FAILED"
)

// tokenLife is how long a client token identifies the export that it began.
const tokenLife = 8 * time.Hour

// Open returns an Exporter with the exports recorded earlier. An export that was interrupted by the end of the stack
// counts as failed.
func Open(o Options) (*Exporter, error) {
	e := &Exporter{o: o, now: time.Now}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	if err := statefile.Read(o.State, &e.exports); err != nil {
		return nil, err
	}
	for _, x := range e.exports {
		if x.ExportStatus == inProgress {
			x.ExportStatus, x.FailureCode, x.FailureMessage = failed, "Interrupted", "the local stack stopped"
		}
	}
	return e, nil
}

// Close ends the exports that are running.
func (e *Exporter) Close() {
	e.cancel()
	e.running.Wait()
}

// Errors by their names in the API.
var (
	errConflict      = errors.New("ExportConflictException")
	errInvalidTime   = errors.New("InvalidExportTimeException")
	errNoRecovery    = errors.New("PointInTimeRecoveryUnavailableException")
	errNotFound      = errors.New("ExportNotFoundException")
	errTableNotFound = errors.New("TableNotFoundException")
	errValidation    = errors.New("ValidationException")
)

// begin starts an export, or returns the one that its client token identifies.
func (e *Exporter) begin(table string, want export) (export, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now().UTC()
	want.TableArn = e.o.ARN(table)
	asked := !want.ExportTime.IsZero()
	if !asked {
		want.ExportTime = now
	}
	for _, x := range e.exports {
		if want.ClientToken == "" || x.ClientToken != want.ClientToken || now.Sub(x.StartTime) > tokenLife {
			continue
		}
		if x.TableArn != want.TableArn || x.S3Bucket != want.S3Bucket || x.S3Prefix != want.S3Prefix || asked && !x.ExportTime.Equal(want.ExportTime) {
			return export{}, fmt.Errorf("%w: the client token was used with other parameters", errConflict)
		}
		return *x, nil
	}
	switch {
	case want.S3Bucket == "":
		return export{}, fmt.Errorf("%w: S3Bucket is required", errValidation)
	case !e.o.Recoverable(table):
		return export{}, fmt.Errorf("%w: point-in-time recovery is not enabled for %s", errNoRecovery, table)
	case want.ExportTime.After(now.Add(time.Second)):
		return export{}, fmt.Errorf("%w: %s", errInvalidTime, want.ExportTime.Format(time.RFC3339))
	}
	x := want
	id := fmt.Sprintf("0%d-%s", now.UnixMilli(), strings.ToLower(rand.Text()[:8]))
	x.ExportArn = exportlayout.Export{ID: id, TableARN: x.TableArn}.ARN()
	x.ExportStatus, x.StartTime, x.TableID = inProgress, now, exportlayout.TableID
	e.exports = append(e.exports, &x)
	if err := e.save(); err != nil {
		return export{}, err
	}
	e.running.Go(func() { e.run(table, id, &x) })
	return x, nil
}

// run makes an export and records how it ended.
func (e *Exporter) run(table, id string, x *export) {
	e.mu.Lock()
	job := *x
	e.mu.Unlock()
	err := e.write(e.ctx, table, id, &job)
	job.EndTime, job.ExportStatus = e.now().UTC(), completed
	if err != nil {
		job.ExportStatus, job.FailureCode, job.FailureMessage = failed, "S3NoSuchBucket", err.Error()
		e.o.Report(fmt.Errorf("the export of %s failed: %w", table, err))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	*x = job
	if err := e.save(); err != nil {
		e.o.Report(err)
	}
}

func (e *Exporter) save() error { return statefile.Write(e.o.State, e.exports) }

// find looks an export up by its ARN.
func (e *Exporter) find(arn string) (export, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, x := range e.exports {
		if x.ExportArn == arn {
			return *x, nil
		}
	}
	return export{}, errNotFound
}

// list finds the exports of a table, or of all; the newest first.
func (e *Exporter) list(tableARN string) []export {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []export
	for i := len(e.exports) - 1; i >= 0; i-- {
		if tableARN == "" || e.exports[i].TableArn == tableARN {
			found = append(found, *e.exports[i])
		}
	}
	return found
}
