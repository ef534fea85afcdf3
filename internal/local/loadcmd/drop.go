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

// pollInterval is the time between two reads of the load's progress.
const pollInterval = 500 * time.Millisecond

// drop uploads the extract to the local stack's register bucket, as is done in AWS, and follows the function's
// progress.
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
	key := s.objectName(time.Now())
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
	return s.finish(ctx, objects, folder, done, stdout)
}

// objectName returns the name of the object: the file's name with the time, so that each drop is a new load.
func (s settings) objectName(now time.Time) string {
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

// summaryOf returns the summary in a load's report.
func summaryOf(r inbox.Report) load.Summary {
	return load.Summary{Rows: r.Read, Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged, Older: r.Older, Rejected: r.Rejected,
		Dropped: r.Dropped, InDoubt: r.InDoubt, Recovered: r.Recovered, KeptUnlocked: r.KeptUnlocked, Vanished: r.Vanished, Deactivated: r.Deactivated,
		Differing: r.Differing.Count, Cycles: r.MergeCycles.Count, Orphans: r.MergeOrphans.Count,
		Named: &load.Named{Differing: r.Differing.TRNs, Cycles: r.MergeCycles.TRNs, Orphans: r.MergeOrphans.TRNs}}
}

// follow shows the progress of a load until its summary exists.
func (s settings) follow(ctx context.Context, objects *bucket.Bucket, folder string, line *progress.Line) (inbox.Report, error) {
	defer line.End()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		var r inbox.Report
		err := objects.ReadJSON(ctx, folder+"summary.json", &r)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		if err := objects.ReadJSON(ctx, folder+"progress.json", &r); err == nil {
			line.Show(false, progressLine(load.Progress{Summary: summaryOf(r), Bytes: r.Bytes, Size: r.Size, Elapsed: time.Duration(r.Seconds * float64(time.Second))}))
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

// finish shows the summary and downloads the rejects.
func (s settings) finish(ctx context.Context, objects *bucket.Bucket, folder string, r inbox.Report, stdout io.Writer) error {
	if r.Outcome == string(inbox.Refused) && r.Read == 0 {
		return refuse("%s", r.Refused)
	}
	summary := summaryOf(r)
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
	printSummary(stdout, summary, s.options.Full, fmt.Sprintf("the local stack in %d invocations", r.Invocations), s.rejects)
	switch {
	case r.Refused != "":
		return refuse("%s", r.Refused)
	case summary.Rejected+summary.Dropped > 0:
		return errRejects
	}
	return nil
}
