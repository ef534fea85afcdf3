package exports

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"losttrn/internal/local/exportlayout"
)

// partitions is how many data files an export has. DynamoDB writes one for each partition of the table, in no order,
// and some of them empty: here the last.
const partitions = 4

// write makes the files of an export.
func (e *Exporter) write(ctx context.Context, table, id string, x *export) error {
	layout := exportlayout.Export{ID: id, TableARN: x.TableArn, Time: x.ExportTime, Start: x.StartTime, Bucket: x.S3Bucket, Prefix: x.S3Prefix}
	w := exportlayout.NewWriter(layout, func(key, contentType string) (io.WriteCloser, error) {
		return &object{put: func(content []byte) error { return e.o.Objects.Put(x.S3Bucket, key, contentType, content) }}, nil
	}, partitions-1, 1)
	err := e.scan(ctx, table, func(item json.RawMessage) error {
		item, err := asOf(item, x.ExportTime)
		if err != nil || item == nil {
			return err
		}
		return w.Add(item)
	})
	if err != nil {
		return err
	}
	x.ItemCount, x.BilledSize, x.ExportManifest = w.Items, w.Bytes, layout.Manifest()
	return w.Close(e.now())
}

// object is put into the bucket when it is closed.
type object struct {
	bytes.Buffer
	put func(content []byte) error
}

// Close implements io.Closer.
func (o *object) Close() error { return o.put(o.Bytes()) }

// scan reads every item of a table as DynamoDB JSON.
func (e *Exporter) scan(ctx context.Context, table string, each func(json.RawMessage) error) error {
	var start json.RawMessage
	for {
		query := map[string]any{"TableName": table, "ConsistentRead": true}
		if start != nil {
			query["ExclusiveStartKey"] = start
		}
		var page struct {
			Items            []json.RawMessage
			LastEvaluatedKey json.RawMessage
		}
		if err := e.call(ctx, "Scan", query, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := each(item); err != nil {
				return err
			}
		}
		if start = page.LastEvaluatedKey; len(start) == 0 || string(start) == "null" {
			return nil
		}
	}
}

// call makes a call of the local DynamoDB server without the SDK, which would decode items that are then encoded again.
func (e *Exporter) call(ctx context.Context, operation string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.o.DynamoDB, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Amz-Target", target+operation)
	// The server wants the form of a signature, and does not check it.
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("X-Amz-Date", time.Now().UTC().Format("20060102T150405Z"))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", operation, answer)
	}
	return json.Unmarshal(answer, into)
}
