package loadcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/load"
	"losttrn/internal/load/inbox"
	"losttrn/internal/local"
	"losttrn/internal/local/progress"
	"losttrn/internal/report/bucket"
)

// asking is how often the bucket is asked how far the load is.
const asking = 500 * time.Millisecond

// drop puts the extract into the local stack's register bucket, as somebody in AWS would, and follows what the function
// does with it.
func (s settings) drop(ctx context.Context, file *os.File, stdout, stderr io.Writer) error {
	stack, err := findStack(ctx, s.stack)
	if err != nil {
		return err
	}
	name := stack.Buckets["register"]
	if name == "" {
		return refuse("the local stack of this folder has no register bucket: start it anew with `make run`")
	}
	client := bucket.NewClient(local.Config(), stack.Endpoints["s3"])
	key := s.droppedAs(time.Now())
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: aws.String(inbox.Incoming + key), Body: file, Metadata: s.metadata()})
	if err != nil {
		return fmt.Errorf("drop the extract: %w", err)
	}
	fmt.Fprintf(stderr, "dropped as %s in the bucket %s\n", inbox.Incoming+key, name)
	folder := inbox.Loads + strings.TrimSuffix(strings.TrimSuffix(key, ".gz"), ".csv") + "/"
	objects := bucket.New(client, name)
	done, err := s.follow(ctx, objects, folder, progress.To(stderr))
	if err != nil {
		return err
	}
	return s.dropped(ctx, objects, folder, done, stdout)
}

// droppedAs returns the name of the object: the file's own with the time, so that each drop is a load of its own.
func (s settings) droppedAs(now time.Time) string {
	base := filepath.Base(s.file)
	packed := ""
	if strings.HasSuffix(base, ".gz") {
		packed = ".gz"
	}
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".gz"), ".csv")
	return base + now.UTC().Format("-20060102T150405.000Z") + ".csv" + packed
}

func (s settings) metadata() map[string]string {
	asked := map[string]string{}
	for name, on := range map[string]bool{"full": s.options.Full, "deactivate-missing": s.options.DeactivateMissing, "allow-many": s.options.AllowMany} {
		if on {
			asked[name] = "true"
		}
	}
	return asked
}

// told is what a load tells of itself, as far as it is shown.
type told struct {
	Outcome, Refused                                               string
	Read, Added, Updated, Unchanged, Older, Rejected, DroppedCells int
	InDoubt, Recovered, KeptUnlocked, Vanished, Deactivated        int
	Invocations                                                    int
	Seconds                                                        float64
	Bytes, Size                                                    int64
	Differing, MergeCycles, MergeOrphans                           struct {
		Count int
		TRNs  []string
	}
}

func (t told) summary() load.Summary {
	return load.Summary{Rows: t.Read, Added: t.Added, Updated: t.Updated, Unchanged: t.Unchanged, Older: t.Older, Rejected: t.Rejected,
		Dropped: t.DroppedCells, InDoubt: t.InDoubt, Recovered: t.Recovered, KeptUnlocked: t.KeptUnlocked, Vanished: t.Vanished, Deactivated: t.Deactivated,
		Differing: t.Differing.Count, Cycles: t.MergeCycles.Count, Orphans: t.MergeOrphans.Count,
		Named: &load.Named{Differing: t.Differing.TRNs, Cycles: t.MergeCycles.TRNs, Orphans: t.MergeOrphans.TRNs}}
}

// follow shows the progress of a load until its summary is there.
func (s settings) follow(ctx context.Context, objects *bucket.Bucket, folder string, line *progress.Line) (told, error) {
	defer line.End()
	tick := time.NewTicker(asking)
	defer tick.Stop()
	for {
		var t told
		err := objects.ReadJSON(ctx, folder+"summary.json", &t)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return t, err
		}
		if err := objects.ReadJSON(ctx, folder+"progress.json", &t); err == nil {
			line.Show(false, howFar(load.Progress{Summary: t.summary(), Bytes: t.Bytes, Size: t.Size, Elapsed: time.Duration(t.Seconds * float64(time.Second))}))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return t, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return t, ctx.Err()
		}
	}
}

// dropped shows the summary and fetches the rejects.
func (s settings) dropped(ctx context.Context, objects *bucket.Bucket, folder string, t told, stdout io.Writer) error {
	if t.Outcome == string(inbox.Refused) && t.Read == 0 {
		return refuse("%s", t.Refused)
	}
	summary := t.summary()
	rejects := &lazyFile{path: s.rejects}
	if summary.Rejected+summary.Dropped > 0 {
		body, err := objects.Open(ctx, folder+"rejects.csv")
		if err != nil {
			return err
		}
		defer body.Close()
		if _, err := io.Copy(rejects, body); err != nil {
			return fmt.Errorf("fetch the rejects: %w", err)
		}
	}
	if err := rejects.end(); err != nil {
		return err
	}
	printSummary(stdout, summary, s.options.Full, fmt.Sprintf("the local stack in %d invocations", t.Invocations), s.rejects)
	switch {
	case t.Refused != "":
		return refuse("%s", t.Refused)
	case summary.Rejected+summary.Dropped > 0:
		return errRejects
	}
	return nil
}
