// Package exportgen writes export folders as DynamoDB's export to S3 lays them out, of any size and of any items:
// for tests, for benchmarks, and to try the reports without AWS. All people in it are invented.
package exportgen

import (
	"bufio"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"time"

	"losttrn/internal/report/dataset"
)

// Export says what an export looks like from outside.
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

// TableARN is the ARN of the table exported.
func (e Export) TableARN() string {
	name := e.TableName
	if name == "" {
		name = tableNames[e.Table]
	}
	return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + name
}

// ID is the export's id: DynamoDB makes it of the time and a random number.
func (e Export) ID() string {
	sum := md5.Sum([]byte(e.TableARN()))
	return fmt.Sprintf("%014d-%x", e.At.UnixMilli()+int64(e.Attempt), sum[:4])
}

// Folder is where the export stands in the bucket.
func (e Export) Folder() string { return path.Join(e.Prefix, "AWSDynamoDB", e.ID()) }

type summaryManifest struct {
	Version            string  `json:"version"`
	ExportARN          string  `json:"exportArn"`
	StartTime          string  `json:"startTime"`
	EndTime            string  `json:"endTime"`
	TableARN           string  `json:"tableArn"`
	TableID            string  `json:"tableId"`
	ExportTime         string  `json:"exportTime"`
	S3Bucket           string  `json:"s3Bucket"`
	S3Prefix           *string `json:"s3Prefix"`
	S3SseAlgorithm     string  `json:"s3SseAlgorithm"`
	S3SseKmsKeyID      *string `json:"s3SseKmsKeyId"`
	ManifestFilesS3Key string  `json:"manifestFilesS3Key"`
	BilledSizeBytes    int64   `json:"billedSizeBytes"`
	ItemCount          int64   `json:"itemCount"`
	OutputFormat       string  `json:"outputFormat"`
	ExportType         string  `json:"exportType"`
}

type filesLine struct {
	ItemCount     int64  `json:"itemCount"`
	MD5Checksum   string `json:"md5Checksum"`
	ETag          string `json:"etag"`
	DataFileS3Key string `json:"dataFileS3Key"`
}

// Write writes the export below a folder that stands for the bucket. Items are dealt out over the data files in
// turn.
func (e Export) Write(bucket string, items iter.Seq[[]byte]) error {
	if e.Files == 0 {
		e.Files = 4
	}
	folder := filepath.Join(bucket, filepath.FromSlash(e.Folder()))
	if err := os.MkdirAll(filepath.Join(folder, "data"), 0o700); err != nil {
		return err
	}
	files := make([]*dataFile, e.Files)
	for i := range files {
		var err error
		if files[i], err = newDataFile(e, folder, i); err != nil {
			return err
		}
		defer files[i].file.Close()
	}
	var count, size int64
	for item := range items {
		f := files[count%int64(len(files))]
		if _, err := f.zip.Write(append(item, '\n')); err != nil {
			return fmt.Errorf("write an item: %w", err)
		}
		f.items++
		count++
		size += int64(len(item))
	}
	list := []byte{}
	for _, f := range files {
		line, err := f.finish()
		if err != nil {
			return err
		}
		list = append(append(list, line...), '\n')
	}
	if err := writeChecked(filepath.Join(folder, "manifest-files"), list); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "_started"), nil, 0o600); err != nil {
		return err
	}
	summary, err := json.Marshal(e.summary(count, size))
	if err != nil {
		return err
	}
	return writeChecked(filepath.Join(folder, "manifest-summary"), summary)
}

func (e Export) summary(count, size int64) summaryManifest {
	at := e.At.UTC().Format("2006-01-02T15:04:05.000Z")
	s := summaryManifest{Version: "2020-06-30", ExportARN: e.TableARN() + "/export/" + e.ID(), StartTime: at, EndTime: at,
		TableARN: e.TableARN(), TableID: "00000000-0000-4000-8000-000000000000", ExportTime: at, S3Bucket: "exports",
		S3SseAlgorithm: "AES256", ManifestFilesS3Key: path.Join(e.Folder(), "manifest-files.json"),
		BilledSizeBytes: size, ItemCount: count, OutputFormat: "DYNAMODB_JSON", ExportType: "FULL_EXPORT"}
	if e.Prefix != "" {
		s.S3Prefix = &e.Prefix
	}
	return s
}

func writeChecked(name string, body []byte) error {
	if err := os.WriteFile(name+".json", body, 0o600); err != nil {
		return err
	}
	sum := md5.Sum(body)
	return os.WriteFile(name+".checksum", []byte(base64.StdEncoding.EncodeToString(sum[:])), 0o600)
}

type dataFile struct {
	key   string
	file  *os.File
	sum   hash.Hash
	out   *bufio.Writer
	zip   *gzip.Writer
	items int64
}

func newDataFile(e Export, folder string, number int) (*dataFile, error) {
	sum := md5.Sum(fmt.Appendf(nil, "%s %d", e.ID(), number))
	name := fmt.Sprintf("%x.json.gz", sum[:12])
	file, err := os.Create(filepath.Join(folder, "data", name))
	if err != nil {
		return nil, err
	}
	f := &dataFile{key: path.Join(e.Folder(), "data", name), file: file, sum: md5.New()}
	f.out = bufio.NewWriter(io.MultiWriter(file, f.sum))
	f.zip = gzip.NewWriter(f.out)
	return f, nil
}

func (f *dataFile) finish() ([]byte, error) {
	for _, close := range []func() error{f.zip.Close, f.out.Flush, f.file.Close} {
		if err := close(); err != nil {
			return nil, err
		}
	}
	sum := f.sum.Sum(nil)
	return json.Marshal(filesLine{ItemCount: f.items, MD5Checksum: base64.StdEncoding.EncodeToString(sum),
		ETag: fmt.Sprintf("%x-1", sum), DataFileS3Key: f.key})
}
