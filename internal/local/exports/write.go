package exports

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"
)

// partitions is how many data files an export has. DynamoDB writes one for each
// partition of the table, in no order, and some of them empty.
const partitions = 4

// partition is a data file in the making.
type partition struct {
	compressed bytes.Buffer
	zip        *gzip.Writer
	items      int64
}

// write makes the files of an export, in the layout that DynamoDB documents, the
// summary last.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
func (e *Exporter) write(ctx context.Context, table, id string, x *export) error {
	folder := path.Join(x.S3Prefix, "AWSDynamoDB", id)
	put := func(name, contentType string, content []byte) error {
		return e.o.Objects.Put(x.S3Bucket, path.Join(folder, name), contentType, content)
	}
	if err := put("_started", "binary/octet-stream", nil); err != nil {
		return err
	}
	files := make([]partition, partitions)
	for i := range files {
		files[i].zip = gzip.NewWriter(&files[i].compressed)
	}
	err := e.scan(ctx, table, func(item json.RawMessage) error {
		item, err := asOf(item, x.ExportTime)
		if err != nil || item == nil {
			return err
		}
		x.BilledSize += int64(len(item))
		f := &files[x.ItemCount%(partitions-1)] // the last stays empty
		x.ItemCount++
		f.items++
		_, err = fmt.Fprintf(f.zip, "{\"Item\":%s}\n", item)
		return err
	})
	if err != nil {
		return err
	}
	var manifest bytes.Buffer
	for i := range files {
		if err := files[i].zip.Close(); err != nil {
			return err
		}
		content := files[i].compressed.Bytes()
		sum := md5.Sum(content)
		name := "data/" + strings.ToLower(rand.Text()) + ".json.gz"
		if err := put(name, "application/x-gzip", content); err != nil {
			return err
		}
		line, err := json.Marshal(map[string]any{
			"itemCount":     files[i].items,
			"md5Checksum":   base64.StdEncoding.EncodeToString(sum[:]),
			"etag":          hex.EncodeToString(sum[:]) + "-1",
			"dataFileS3Key": path.Join(folder, name),
		})
		if err != nil {
			return err
		}
		manifest.Write(append(line, '\n'))
	}
	if err := putChecked(put, "manifest-files", manifest.Bytes()); err != nil {
		return err
	}
	x.ExportManifest = path.Join(folder, "manifest-summary.json")
	summary, err := json.Marshal(e.summary(x, path.Join(folder, "manifest-files.json")))
	if err != nil {
		return err
	}
	return putChecked(put, "manifest-summary", summary)
}

// summary is the content of manifest-summary.json.
func (e *Exporter) summary(x *export, manifest string) any {
	const form = "2006-01-02T15:04:05.000Z"
	var prefix any
	if x.S3Prefix != "" {
		prefix = x.S3Prefix
	}
	return struct {
		Version            string  `json:"version"`
		ExportArn          string  `json:"exportArn"`
		StartTime          string  `json:"startTime"`
		EndTime            string  `json:"endTime"`
		TableArn           string  `json:"tableArn"`
		TableID            string  `json:"tableId"`
		ExportTime         string  `json:"exportTime"`
		S3Bucket           string  `json:"s3Bucket"`
		S3Prefix           any     `json:"s3Prefix"`
		S3SseAlgorithm     string  `json:"s3SseAlgorithm"`
		S3SseKmsKeyID      *string `json:"s3SseKmsKeyId"`
		ManifestFilesS3Key string  `json:"manifestFilesS3Key"`
		BilledSizeBytes    int64   `json:"billedSizeBytes"`
		ItemCount          int64   `json:"itemCount"`
		OutputFormat       string  `json:"outputFormat"`
		ExportType         string  `json:"exportType"`
	}{
		Version: "2020-06-30", ExportArn: x.ExportArn,
		StartTime: x.StartTime.Format(form), EndTime: e.now().UTC().Format(form),
		TableArn: x.TableArn, TableID: x.TableID, ExportTime: x.ExportTime.UTC().Format(form),
		S3Bucket: x.S3Bucket, S3Prefix: prefix, S3SseAlgorithm: "AES256",
		ManifestFilesS3Key: manifest, BilledSizeBytes: x.BilledSize, ItemCount: x.ItemCount,
		OutputFormat: "DYNAMODB_JSON", ExportType: "FULL_EXPORT",
	}
}

// putChecked writes a manifest, after the checksum that vouches for it.
func putChecked(put func(name, contentType string, content []byte) error, name string, content []byte) error {
	sum := md5.Sum(content)
	if err := put(name+".checksum", "text/plain", []byte(base64.StdEncoding.EncodeToString(sum[:]))); err != nil {
		return err
	}
	return put(name+".json", "application/json", content)
}

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

// call makes a call of the local DynamoDB server without the SDK, which would
// take items apart only for us to put them together again.
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
