package helpdeskcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/local/helpdesk"
)

// stackClient is the client of the local stack's own paths, with a time-out.
var stackClient = http.Client{Timeout: time.Minute}

// outboxCopies are the emails and requests that the local stack keeps.
type outboxCopies struct{ gateway string }

func (outboxCopies) Holding(context.Context, helpdesk.Trace) ([]string, error) {
	return []string{"Emails about it in the local stack's outbox, and its record of what was given, will be deleted."}, nil
}

func (o outboxCopies) Held(ctx context.Context, t helpdesk.Trace) (map[string]any, error) {
	answer, err := o.post(ctx, "held", t)
	if err != nil {
		return nil, fmt.Errorf("read the local stack's outbox: %w", err)
	}
	var held map[string]any
	if err := json.Unmarshal(answer, &held); err != nil {
		return nil, fmt.Errorf("read the local stack's outbox: %w", err)
	}
	return held, nil
}

func (o outboxCopies) Erase(ctx context.Context, t helpdesk.Trace) ([]string, error) {
	answer, err := o.post(ctx, "forget", t)
	if err != nil {
		return nil, fmt.Errorf("erase from the local stack: %w", err)
	}
	return []string{strings.TrimSpace(string(answer))}, nil
}

// post sends a trace to one of the local stack's own paths and returns the body of the answer.
func (o outboxCopies) post(ctx context.Context, path string, t helpdesk.Trace) ([]byte, error) {
	body, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.gateway+"/_local/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := stackClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", response.StatusCode, strings.TrimSpace(string(answer)))
	}
	return answer, err
}

// reportCopies are the local stack's exports and reports. They hold all people, and one command makes them again, so
// they are deleted completely.
type reportCopies struct {
	client  *s3.Client
	buckets []string
	folder  string
}

// Held returns nothing, because exports and reports hold nothing that is not in the tables.
func (r reportCopies) Held(context.Context, helpdesk.Trace) (map[string]any, error) { return nil, nil }

func (r reportCopies) Holding(context.Context, helpdesk.Trace) ([]string, error) {
	return []string{"The local stack's exports and reports will be deleted, because they hold it too: `make report` makes new ones.",
		"Kept: what is deleted from the local tables may stand, no longer part of any table, in their file, tables.db, until its room is needed; `make clean` ends that."}, nil
}

func (r reportCopies) Erase(ctx context.Context, _ helpdesk.Trace) ([]string, error) {
	deleted := 0
	for _, bucket := range r.buckets {
		pages := s3.NewListObjectsV2Paginator(r.client, &s3.ListObjectsV2Input{Bucket: &bucket})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("list the local bucket %s: %w", bucket, err)
			}
			for _, object := range page.Contents {
				if _, err := r.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: object.Key}); err != nil {
					return nil, fmt.Errorf("delete from the local bucket %s: %w", bucket, err)
				}
				deleted++
			}
		}
	}
	entries, err := os.ReadDir(r.folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(r.folder, entry.Name())); err != nil {
			return nil, err
		}
		deleted++
	}
	return []string{fmt.Sprintf("Deleted of the local stack's exports and reports: %s.", helpdesk.Count(deleted, "file"))}, nil
}
