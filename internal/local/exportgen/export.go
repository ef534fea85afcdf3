// Package exportgen writes export folders as DynamoDB's export to S3 lays them out, of any size and of any items:
// for tests, for benchmarks, and to try the reports without AWS. All people in it are invented.
package exportgen

import (
	"crypto/md5"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"losttrn/internal/local/exportlayout"
	"losttrn/internal/report/dataset"
)

// Export describes an export to generate.
type Export struct {
	Table     dataset.Table
	TableName string    // "" is find-a-lost-trn-<Table>Table
	At        time.Time // the moment exported
	Files     int       // data files; 0 is 4, as many as a new table has partitions
	Prefix    string    // of the keys in the bucket
	Attempt   int       // tells exports of one table and moment apart
}

const (
	account = "111122223333"
	region  = "eu-west-2"
)

var tableNames = map[dataset.Table]string{
	dataset.Emails: "find-a-lost-trn-EmailsTable", dataset.Lookups: "find-a-lost-trn-LookupsTable",
	dataset.HelpdeskRequests: "find-a-lost-trn-HelpdeskRequestsTable",
}

// TableARN returns the ARN of the table exported.
func (e Export) TableARN() string {
	name := e.TableName
	if name == "" {
		name = tableNames[e.Table]
	}
	return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + name
}

// Folder returns where the export stands in the bucket.
func (e Export) Folder() string { return e.layout().Folder() }

// layout describes the export. DynamoDB makes an export's id of the time and a random number.
func (e Export) layout() exportlayout.Export {
	sum := md5.Sum([]byte(e.TableARN()))
	return exportlayout.Export{ID: fmt.Sprintf("%014d-%x", e.At.UnixMilli()+int64(e.Attempt), sum[:4]), TableARN: e.TableARN(),
		Time: e.At, Start: e.At, Bucket: "exports", Prefix: e.Prefix}
}

// Write writes the export below a folder that represents the bucket. Items are distributed over the data files in turn.
func (e Export) Write(bucket string, items iter.Seq[[]byte]) error {
	if e.Files == 0 {
		e.Files = 4
	}
	w := exportlayout.NewWriter(e.layout(), func(key, _ string) (io.WriteCloser, error) {
		path := filepath.Join(bucket, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	}, e.Files, 0)
	for item := range items {
		if w.Add(item) != nil {
			break // Close returns why
		}
	}
	return w.Close(e.At)
}
