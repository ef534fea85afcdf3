// Package inbox loads the extracts that are dropped in the register bucket:
//
//	incoming/<name>.csv, .csv.gz     an extract; its metadata may ask full, deactivate-missing and allow-many ("true")
//	loads/<name>/progress.json       its progress, every few seconds
//	loads/<name>/rejects.csv         the lines and cells that could not be read
//	loads/<name>/summary.json        what became of it, written last
//	state/<file>.json                the state from which the next invocation continues
//
// An invocation reads for two thirds of its time. If the extract is not at its end by then, it writes its state, and
// the event of that object starts the next invocation. Everything may happen twice: a load is idempotent, the state is
// written on condition that it is as it was read, and an invocation stops if another one has continued the load or the
// extract was replaced. An invocation that fails is tried again by Lambda from the last state; an extract that is
// dropped again is loaded from its start, where rows that are stored already cost a read.
package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/load"
	"losttrn/internal/metric"
	"losttrn/internal/register"
	"losttrn/internal/report/bucket"
)

// Folders of the register bucket.
const (
	Incoming = "incoming/"
	Loads    = "loads/"
	states   = "state/"
)

// Event is EventBridge's "Object Created" of S3, as far as it is needed.
type Event struct {
	Source string `json:"source"`
	Detail struct {
		Object struct {
			Key  string `json:"key"`
			ETag string `json:"etag"`
		} `json:"object"`
	} `json:"detail"`
}

// Outcome is the outcome of an event.
type Outcome string

// The outcomes of an event.
const (
	Loaded    Outcome = "loaded"
	HandedOn  Outcome = "handed_on"
	Refused   Outcome = "refused"   // the summary says why
	Overtaken Outcome = "overtaken" // another invocation has gone on, or the extract was replaced or taken away
	Foreign   Outcome = "foreign"   // an event of something else
)

// Answer is the outcome of an event, with the load's name.
type Answer struct {
	Load    string  `json:"load,omitempty"`
	Outcome Outcome `json:"outcome"`
}

// Bucket is the register bucket. Its errors are fs.ErrNotExist and those of package fault.
type Bucket interface {
	Describe(ctx context.Context, key string) (bucket.Description, error)
	OpenAt(ctx context.Context, key, version string, at int64) (io.ReadCloser, error)
	PutDocument(ctx context.Context, key, contentType string, body []byte, version string) error
	PutFile(ctx context.Context, key, contentType, name string) error
	Replace(ctx context.Context, key, contentType string, body []byte) error
}

// Metrics takes figures.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
}

// The units a second that an on-demand table serves at least, from its first day.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
const (
	LeastReads  = 12_000
	LeastWrites = 4_000
)

// UnitsPerSecond returns how many units a second a load takes with a share of that in per cent: more than 100 of a table
// whose warm throughput was raised.
func UnitsPerSecond(share int) (reads, writes int) {
	return LeastReads * share / 100, LeastWrites * share / 100
}

// Inbox is the load function's use case.
type Inbox struct {
	Bucket    Bucket
	Records   func() *register.Records // new ones for each invocation, which count its capacity units
	Providers load.Providers
	Metrics   Metrics
	Clock     func() time.Time
	Log       *slog.Logger
	Temp      string // where rejects are kept meanwhile; "" is the system's folder for it
	Workers   int    // calls side by side, load's own number if it is 0
}

// Handle loads the extract of an event, or continues a load. If it returns an error, the invocation should be retried.
func (in *Inbox) Handle(ctx context.Context, event Event) (Answer, error) {
	j, err := in.begin(ctx, event)
	answer := Answer{Load: j.name, Outcome: j.outcome}
	if err == nil && answer.Outcome == "" {
		answer.Outcome, err = j.run(ctx)
	}
	if err != nil && (errors.Is(err, fault.Conflict) || errors.Is(err, fs.ErrNotExist)) {
		answer.Outcome, err = Overtaken, nil
	}
	if err != nil {
		in.Log.ErrorContext(ctx, "load failed", "reason", fault.Reason(err))
		return answer, err
	}
	in.Metrics.Count("load_"+string(answer.Outcome), 1)
	in.Log.InfoContext(ctx, "load", "outcome", string(answer.Outcome), "rows", j.kept.State.Summary.Rows, "invocation", j.kept.Invocations)
	return answer, nil
}

// kept is the state object.
type kept struct {
	Extract     string     `json:"extract"` // the version of the extract
	Invocations int        `json:"invocations"`
	Rejects     int64      `json:"rejects"` // bytes of the rejects file
	ReadUnits   float64    `json:"readUnits"`
	WriteUnits  float64    `json:"writeUnits"`
	State       load.State `json:"state"`
}

// begin returns the job that an event asks for, or an outcome if there is nothing to do.
func (in *Inbox) begin(ctx context.Context, event Event) (*job, error) {
	key := event.Detail.Object.Key
	j := &job{inbox: in, started: in.Clock()}
	first := strings.HasPrefix(key, Incoming)
	if first {
		j.file = strings.TrimPrefix(key, Incoming)
	} else if file, ok := strings.CutPrefix(key, states); ok {
		j.file = strings.TrimSuffix(file, ".json")
	}
	name, isCSV := strings.CutSuffix(strings.TrimSuffix(j.file, ".gz"), ".csv")
	if event.Source != "aws.s3" || !isCSV || path.Base(name) == "" {
		j.outcome = Foreign
		return j, nil
	}
	j.name = name
	var err error
	if j.extract, err = in.Bucket.Describe(ctx, Incoming+j.file); err != nil {
		return j, err
	}
	state, err := in.Bucket.Describe(ctx, j.stateKey())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if !first {
			j.outcome = Overtaken
		}
		return j, nil
	case err != nil:
		return j, err
	}
	j.stateVersion = state.Version
	if first {
		return j, nil
	}
	if strings.Trim(state.Version, `"`) != strings.Trim(event.Detail.Object.ETag, `"`) {
		j.outcome = Overtaken
		return j, nil
	}
	if err := j.readState(ctx); err != nil {
		return j, err
	}
	if j.kept.Extract != j.extract.Version {
		j.outcome = Overtaken // its own event loads it
	}
	return j, nil
}

func (j *job) stateKey() string { return states + j.file + ".json" }

// readState reads the state that the last invocation left.
func (j *job) readState(ctx context.Context) error {
	body, err := j.inbox.Bucket.OpenAt(ctx, j.stateKey(), j.stateVersion, 0)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&j.kept); err != nil {
		return fmt.Errorf("read the load's state: %w", err)
	}
	j.continues = true
	return nil
}
