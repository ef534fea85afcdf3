package loadrate

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/load/inbox"
	"losttrn/internal/local"
	"losttrn/internal/local/running"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/report/bucket"
)

// Options say how much is measured.
type Options struct {
	Project local.Project
	// Dir is a folder for what is made.
	Dir string
	// Rows is how many people the extract has.
	Rows int
	// Bare is how many of their items the floor writes.
	Bare   int
	Output io.Writer
}

// share lifts the load's pace, which is for a table that lookups use, far above what the local server takes: then what
// is measured is the load, and not its waiting.
const share = "1000"

// asking is how often the bucket is asked how far a load is, and the system how much memory the function has.
const asking = 250 * time.Millisecond

// told is a load's own account of itself.
type told struct {
	Outcome, Refused                string
	Read, Added, Updated, Unchanged int
	Rejected, Invocations           int
	Seconds, ReadUnits, WriteUnits  float64
}

// run is one load, followed to its end.
type run struct {
	told
	memory memory
	// atBare is how many seconds the load took for as many rows as the floor writes.
	atBare float64
}

// Measure loads, loads again, writes the floor, prints the figures and returns what of the promise does not hold.
func Measure(ctx context.Context, o Options) error {
	extract := filepath.Join(o.Dir, "register.csv")
	if err := makeExtract(extract, o.Rows); err != nil {
		return err
	}
	s, err := stack.Start(ctx, stack.Options{Project: o.Project, Dir: filepath.Join(o.Dir, "stack"), Parameters: map[string]string{"LoadCapacityShare": share},
		Progress: func(line string) { fmt.Fprintln(o.Output, line) }, Report: func(err error) { fmt.Fprintln(o.Output, err) }})
	if err != nil {
		return err
	}
	defer s.Stop()
	where, err := running.Find(ctx, filepath.Join(o.Dir, "stack", running.File))
	if err != nil {
		return err
	}
	m := measurement{Options: o, stack: s, client: bucket.NewClient(local.Config(), where.Endpoints["s3"]), inBucket: where.Buckets["register"]}
	first, err := m.load(ctx, extract, "first")
	if err != nil {
		return err
	}
	again, err := m.load(ctx, extract, "again")
	if err != nil {
		return err
	}
	bare, err := m.floor(ctx)
	if err != nil {
		return err
	}
	m.print(first, again, bare)
	return errors.Join(m.judge(first, again, bare)...)
}

func makeExtract(path string, rows int) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<16)
	err = sample.Write(out, sample.Options{Seed: 1, Count: rows, FirstTRN: 1_000_000})
	return errors.Join(err, out.Flush(), file.Close())
}

type measurement struct {
	Options
	stack    *stack.Stack
	client   *s3.Client
	inBucket string
}

// load drops the extract under a name and follows its load.
func (m *measurement) load(ctx context.Context, extract, name string) (run, error) {
	file, err := os.Open(extract)
	if err != nil {
		return run{}, err
	}
	defer file.Close()
	if _, err := m.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &m.inBucket, Key: aws.String(inbox.Incoming + name + ".csv"), Body: file}); err != nil {
		return run{}, fmt.Errorf("drop the extract: %w", err)
	}
	objects := bucket.New(m.client, m.inBucket)
	r := run{memory: memory{}}
	tick := time.NewTicker(asking)
	defer tick.Stop()
	for {
		err := read(ctx, objects, inbox.Loads+name+"/progress.json", &r.told)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		r.memory.look(m.stack.PIDs(), max(r.Invocations, 1))
		if r.atBare == 0 && r.Read >= m.Bare {
			r.atBare = r.Seconds * float64(m.Bare) / float64(r.Read)
		}
		if err := read(ctx, objects, inbox.Loads+name+"/summary.json", &r.told); err == nil {
			return r, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return r, ctx.Err()
		}
	}
}

func read(ctx context.Context, objects *bucket.Bucket, key string, into *told) error {
	body, _, err := objects.Document(ctx, key)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	return nil
}
