package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"losttrn/internal/load"
	"losttrn/internal/register"
	"losttrn/internal/report/bucket"
)

const (
	jsonType = "application/json"
	csvType  = "text/csv; charset=utf-8"
	// progressEvery is how often progress is written.
	progressEvery = 5 * time.Second
	// tailBytes is how much of an extract's end is checked before anything is written.
	tailBytes = 64 << 10
)

// job is one invocation's part of a load.
type job struct {
	inbox        *Inbox
	name, file   string
	outcome      Outcome // if there is nothing to do
	started      time.Time
	extract      bucket.Description
	stateVersion string // of the state object as read, "" if there is none
	continues    bool
	kept         kept
	records      *register.Records
	rejects      *os.File

	told     time.Time // when progress was written
	progress error
}

// run loads until the end of the extract, or until the time for reading is over.
func (j *job) run(ctx context.Context) (Outcome, error) {
	j.kept.Extract = j.extract.Version
	j.kept.Invocations++
	if err := j.openRejects(ctx); err != nil {
		return "", err
	}
	defer func() {
		_ = j.rejects.Close()
		_ = os.Remove(j.rejects.Name())
	}()
	options, err := j.options(ctx)
	if err != nil {
		return "", err
	}
	var from *load.State
	if j.continues {
		from = &j.kept.State
	}
	body, err := j.inbox.Bucket.OpenAt(ctx, Incoming+j.file, j.extract.Version, j.kept.State.ReadFrom())
	if err != nil {
		return "", err
	}
	defer body.Close()
	options.Reader = body
	summary, next, err := load.Continue(ctx, options, from)
	reads, writes := j.records.Units()
	j.kept.ReadUnits, j.kept.WriteUnits = j.kept.ReadUnits+reads, j.kept.WriteUnits+writes
	var refusal *load.Refusal
	if errors.As(err, &refusal) {
		return Refused, j.end(ctx, summary, refusal.Why)
	}
	if err = errors.Join(err, j.progress); err != nil {
		return "", err
	}
	if next != nil {
		j.kept.State = *next
		return HandedOn, j.handOn(ctx)
	}
	return Loaded, j.end(ctx, summary, "")
}

// options returns those of the load, with what the extract's metadata ask.
func (j *job) options(ctx context.Context) (load.Options, error) {
	asked := func(name string) bool { return j.extract.Metadata[name] == "true" }
	j.records = j.inbox.Records()
	o := load.Options{Size: j.extract.Size, Records: j.records, Rejects: j.rejects, Providers: j.inbox.Providers, Clock: j.inbox.Clock,
		Workers: j.inbox.Workers, Full: asked("full"), DeactivateMissing: asked("deactivate-missing"), AllowMany: asked("allow-many"),
		Progress: func(p load.Progress) { j.writeProgress(ctx, p) }}
	if deadline, ok := ctx.Deadline(); ok {
		o.Until = j.started.Add(time.Until(deadline) * 2 / 3)
	}
	if j.continues || j.extract.Size == 0 {
		return o, nil
	}
	tail, err := j.inbox.Bucket.OpenAt(ctx, Incoming+j.file, j.extract.Version, max(0, j.extract.Size-tailBytes))
	if err != nil {
		return o, err
	}
	defer tail.Close()
	if o.Tail, err = io.ReadAll(tail); err != nil {
		return o, fmt.Errorf("read the end of the extract: %w", err)
	}
	return o, nil
}

// openRejects makes the rejects file, with what earlier invocations wrote.
func (j *job) openRejects(ctx context.Context) (err error) {
	if j.rejects, err = os.CreateTemp(j.inbox.Temp, "rejects"); err != nil {
		return fmt.Errorf("make the rejects file: %w", err)
	}
	if j.kept.Rejects == 0 {
		return nil
	}
	described, err := j.inbox.Bucket.Describe(ctx, j.key("rejects.csv"))
	if err != nil {
		return err
	}
	before, err := j.inbox.Bucket.OpenAt(ctx, j.key("rejects.csv"), described.Version, 0)
	if err != nil {
		return err
	}
	defer before.Close()
	// An invocation that failed after it had written more than its state says is done again.
	if _, err := io.CopyN(j.rejects, before, j.kept.Rejects); err != nil {
		return fmt.Errorf("read the rejects so far: %w", err)
	}
	return nil
}

func (j *job) key(name string) string { return Loads + j.name + "/" + name }

// putRejects writes the rejects so far. Without rejects it writes the header alone, which replaces the file of an
// earlier load.
func (j *job) putRejects(ctx context.Context) error {
	info, err := j.rejects.Stat()
	if err != nil {
		return fmt.Errorf("write the rejects: %w", err)
	}
	if j.kept.Rejects = info.Size(); j.kept.Rejects == 0 {
		return j.inbox.Bucket.Replace(ctx, j.key("rejects.csv"), csvType, []byte("line,column,reason\n"))
	}
	return j.inbox.Bucket.PutFile(ctx, j.key("rejects.csv"), csvType, j.rejects.Name())
}

// handOn writes the state; the event of that object starts the next invocation.
func (j *job) handOn(ctx context.Context) error {
	if err := j.putRejects(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(j.kept)
	if err != nil {
		return fmt.Errorf("write the load's state: %w", err)
	}
	return j.inbox.Bucket.PutDocument(ctx, j.stateKey(), jsonType, body, j.stateVersion)
}

// writeProgress writes the progress, at most every few seconds. It is called by one goroutine at a time.
func (j *job) writeProgress(ctx context.Context, p load.Progress) {
	if now := j.inbox.Clock(); now.Sub(j.told) >= progressEvery {
		j.told = now
		j.progress = j.write(ctx, "progress.json", j.report(p.Summary, p.Elapsed.Seconds(), p.Bytes, "loading", ""))
	}
}

// end writes the rejects and, last, the summary.
func (j *job) end(ctx context.Context, s load.Summary, refused string) error {
	if err := j.putRejects(ctx); err != nil {
		return err
	}
	outcome := string(Loaded)
	if refused != "" {
		outcome = string(Refused)
	}
	r := j.report(s, j.kept.State.Seconds+j.inbox.Clock().Sub(j.started).Seconds(), j.extract.Size, outcome, refused)
	if err := j.write(ctx, "progress.json", r); err != nil {
		return err
	}
	if s.Rows > 0 && s.Rejected*100 > s.Rows {
		j.inbox.Metrics.Count("load_many_rejects", 1)
	}
	j.inbox.Metrics.Count("load_rows", s.Rows)
	j.inbox.Metrics.Count("load_rows_rejected", s.Rejected)
	j.kept.State.Summary = s
	return j.write(ctx, "summary.json", r)
}

func (j *job) write(ctx context.Context, name string, r Report) error {
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return j.inbox.Bucket.Replace(ctx, j.key(name), jsonType, append(body, '\n'))
}
