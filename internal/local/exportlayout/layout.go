// Package exportlayout writes the files of an export of a table in the layout that DynamoDB documents. The local stack
// and the generator of exports for tests and benchmarks use it.
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
package exportlayout

import (
	"bufio"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"path"
	"time"
)

// TableID is the id that every local table has.
const TableID = "00000000-0000-4000-8000-000000000000"

// Create creates the file of a key. The file is complete when it is closed.
type Create func(key, contentType string) (io.WriteCloser, error)

// Export holds the content of an export's summary, apart from its size and end.
type Export struct {
	ID       string
	TableARN string
	Time     time.Time // the moment exported
	Start    time.Time
	Bucket   string
	Prefix   string // of the keys in the bucket
}

// ARN returns the export's ARN.
func (e Export) ARN() string { return e.TableARN + "/export/" + e.ID }

// Folder returns the prefix of the export's keys.
func (e Export) Folder() string { return path.Join(e.Prefix, "AWSDynamoDB", e.ID) }

// Manifest returns the key of the export's summary.
func (e Export) Manifest() string { return path.Join(e.Folder(), "manifest-summary.json") }

// Writer writes one export. After its first failure every call returns that failure.
type Writer struct {
	export Export
	create Create
	files  []*dataFile
	dealt  int // how many of the files get items
	err    error

	// Items and Bytes count what was added.
	Items, Bytes int64
}

// NewWriter begins an export. Items are distributed over a number of data files, followed by a number of empty ones, as
// DynamoDB writes for empty partitions.
func NewWriter(e Export, create Create, files, empty int) *Writer {
	w := &Writer{export: e, create: create, dealt: files}
	w.put("_started", "binary/octet-stream", nil)
	for i := range files + empty {
		w.open(i)
	}
	return w
}

// open begins a data file.
func (w *Writer) open(number int) {
	if w.err != nil {
		return
	}
	sum := md5.Sum(fmt.Appendf(nil, "%s %d", w.export.ID, number))
	f := &dataFile{key: path.Join(w.export.Folder(), "data", fmt.Sprintf("%x.json.gz", sum[:12])), sum: md5.New()}
	file, err := w.create(f.key, "application/x-gzip")
	if err != nil {
		w.err = err
		return
	}
	f.file = file
	f.out = bufio.NewWriter(io.MultiWriter(file, f.sum))
	if f.zip, err = gzip.NewWriterLevel(f.out, gzip.BestSpeed); err != nil { // nobody keeps a local export for long
		w.err = err
		return
	}
	w.files = append(w.files, f)
}

// Add adds an item, an object of typed attributes such as {"email":{"S":"a@example.com"}}.
func (w *Writer) Add(item []byte) error {
	if w.err != nil {
		return w.err
	}
	f := w.files[w.Items%int64(w.dealt)]
	if _, err := fmt.Fprintf(f.zip, "{\"Item\":%s}\n", item); err != nil {
		w.err = fmt.Errorf("write an item: %w", err)
	}
	f.items++
	w.Items++
	w.Bytes += int64(len(item))
	return w.err
}

// Close ends the data files and writes the manifests. The summary is written last and marks the export as complete.
func (w *Writer) Close(end time.Time) error {
	var list []byte
	for _, f := range w.files {
		line, err := f.finish()
		if w.err == nil {
			w.err = err
		}
		list = append(append(list, line...), '\n')
	}
	w.putChecked("manifest-files", list)
	summary, err := json.Marshal(w.summary(end))
	if w.err == nil {
		w.err = err
	}
	w.putChecked("manifest-summary", summary)
	return w.err
}

// put writes a whole file, unless something failed before.
func (w *Writer) put(name, contentType string, content []byte) {
	if w.err != nil {
		return
	}
	file, err := w.create(path.Join(w.export.Folder(), name), contentType)
	if err == nil {
		_, err = file.Write(content)
		if closing := file.Close(); err == nil {
			err = closing
		}
	}
	w.err = err
}

// putChecked writes a manifest after its checksum.
func (w *Writer) putChecked(name string, content []byte) {
	sum := md5.Sum(content)
	w.put(name+".checksum", "text/plain", []byte(base64.StdEncoding.EncodeToString(sum[:])))
	w.put(name+".json", "application/json", content)
}

// summary is the content of manifest-summary.json.
type summary struct {
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

func (w *Writer) summary(end time.Time) summary {
	e := w.export
	form := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	s := summary{Version: "2020-06-30", ExportARN: e.ARN(), StartTime: form(e.Start), EndTime: form(end),
		TableARN: e.TableARN, TableID: TableID, ExportTime: form(e.Time), S3Bucket: e.Bucket, S3SseAlgorithm: "AES256",
		ManifestFilesS3Key: path.Join(e.Folder(), "manifest-files.json"), BilledSizeBytes: w.Bytes, ItemCount: w.Items,
		OutputFormat: "DYNAMODB_JSON", ExportType: "FULL_EXPORT"}
	if e.Prefix != "" {
		s.S3Prefix = &e.Prefix
	}
	return s
}

// dataFile is a data file that is being written.
type dataFile struct {
	key   string
	file  io.Closer
	sum   hash.Hash
	out   *bufio.Writer
	zip   *gzip.Writer
	items int64
}

// finish ends the file and returns its line of manifest-files.json.
func (f *dataFile) finish() ([]byte, error) {
	for _, end := range []func() error{f.zip.Close, f.out.Flush, f.file.Close} {
		if err := end(); err != nil {
			return nil, err
		}
	}
	sum := f.sum.Sum(nil)
	return json.Marshal(struct {
		ItemCount     int64  `json:"itemCount"`
		MD5Checksum   string `json:"md5Checksum"`
		ETag          string `json:"etag"`
		DataFileS3Key string `json:"dataFileS3Key"`
	}{f.items, base64.StdEncoding.EncodeToString(sum), fmt.Sprintf("%x-1", sum), f.key})
}
