package loadrate

import (
	"bufio"
	"context"
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

// Options are the size of a measurement.
type Options struct {
	Project local.Project
	// Dir is a folder for temporary files.
	Dir string
	// Rows is how many people the large extract has.
	Rows int
	// Rounds is how many small extracts are loaded before it, each beside its floor.
	Rounds int
	Output io.Writer
}

// share raises the load's pace far above what the local server can take, so that the load is measured and not its
// waiting. The pace protects lookups that use the same table.
const share = "1000"

// pollInterval is the time between two reads of a load's progress and of the function's memory.
const pollInterval = 250 * time.Millisecond

// run is one load, followed to its end.
type run struct {
	inbox.Report
	memory memory
}

// roundRows is how many people an extract of a round has.
const roundRows = 10_000

// firstTRN is the first of the large extract's; those of the rounds follow after its last.
const firstTRN = 1_000_000

// Measure loads small extracts and writes their items bare, in turn, so that other work of the machine slows both. Then
// it loads the large extract twice, prints the figures and returns an error for the bounds that do not hold.
func Measure(ctx context.Context, o Options) error {
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
	if err := m.measureRounds(ctx); err != nil {
		return err
	}
	extract := filepath.Join(o.Dir, "register.csv")
	if err := makeExtract(extract, firstTRN, o.Rows); err != nil {
		return err
	}
	first, err := m.load(ctx, extract, "first")
	if err != nil {
		return err
	}
	again, err := m.load(ctx, extract, "again")
	if err != nil {
		return err
	}
	m.print(first, again)
	return errors.Join(m.judge(first, again)...)
}

// measureRounds loads an extract and writes its floor, round by round.
func (m *measurement) measureRounds(ctx context.Context) error {
	beside, err := m.stack.Beside(ctx, "bare", nil)
	if err != nil {
		return err
	}
	for round := range m.Rounds {
		from := firstTRN + m.Rows + round*roundRows
		extract := filepath.Join(m.Dir, "round.csv")
		if err := makeExtract(extract, from, roundRows); err != nil {
			return err
		}
		loaded, err := m.load(ctx, extract, fmt.Sprint("round-", round))
		if err != nil {
			return err
		}
		if loaded.Added != roundRows {
			return fmt.Errorf("round %d added %d of %d rows", round, loaded.Added, roundRows)
		}
		bare, err := m.floor(ctx, beside.Tables["teachers"], from)
		if err != nil {
			return err
		}
		m.ours, m.bare = m.ours+loaded.Seconds, m.bare+bare.Seconds()
	}
	return nil
}

func makeExtract(path string, from, rows int) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<16)
	err = sample.Write(out, sample.Options{Seed: 1, Count: rows, FirstTRN: from})
	return errors.Join(err, out.Flush(), file.Close())
}

type measurement struct {
	Options
	stack    *stack.Stack
	client   *s3.Client
	inBucket string
	// ours and bare are how many seconds the rounds took.
	ours, bare float64
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
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		err := objects.ReadJSON(ctx, inbox.Loads+name+"/progress.json", &r.Report)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		r.memory.look(m.stack.PIDs(), max(r.Invocations, 1))
		if err := objects.ReadJSON(ctx, inbox.Loads+name+"/summary.json", &r.Report); err == nil {
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
