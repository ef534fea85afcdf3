package dataset

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

const (
	summaryName = "manifest-summary.json"
	filesName   = "manifest-files.json"
	// maxManifest bounds memory: some 80,000 data files.
	maxManifest = 16 << 20
)

// Export is one export of one table whose manifests have been read.
type Export struct {
	Table  Table
	Folder string    // of the manifests, in the source
	Time   time.Time // the moment whose state was exported
	Items  int64
	Files  []File
}

// File is a data file of an export.
type File struct {
	Name  string // in the source
	Items int64
	MD5   [md5.Size]byte
}

// summaryManifest is manifest-summary.json, as far as it is needed.
type summaryManifest struct {
	Version            string    `json:"version"`
	ExportARN          string    `json:"exportArn"`
	TableARN           string    `json:"tableArn"`
	ExportTime         time.Time `json:"exportTime"`
	ManifestFilesS3Key string    `json:"manifestFilesS3Key"`
	ItemCount          *int64    `json:"itemCount"`
	OutputFormat       string    `json:"outputFormat"`
	ExportType         string    `json:"exportType"`
}

// filesLine is a line of manifest-files.json.
type filesLine struct {
	ItemCount     *int64 `json:"itemCount"`
	MD5Checksum   string `json:"md5Checksum"`
	DataFileS3Key string `json:"dataFileS3Key"`
}

// readSummary reads and checks the summary manifest in a folder.
func readSummary(ctx context.Context, source Source, folder string, unchecked map[string]bool) (summaryManifest, error) {
	name := path.Join(folder, summaryName)
	body, err := readChecked(ctx, source, name, unchecked)
	if err != nil {
		return summaryManifest{}, err
	}
	var s summaryManifest
	if err := json.Unmarshal(body, &s); err != nil {
		return s, refuse(name, "is not the JSON of a DynamoDB export's summary.")
	}
	switch {
	case s.ExportType == "INCREMENTAL_EXPORT":
		return s, refuse(name, "is of an incremental export, which holds changes and not the table; make a full one.")
	case s.ExportType != "" && s.ExportType != "FULL_EXPORT":
		return s, refuse(name, "is of an export of type %.40q; only FULL_EXPORT can be read.", s.ExportType)
	case s.OutputFormat != "DYNAMODB_JSON":
		return s, refuse(name, "is of an export in the format %.40q; only DYNAMODB_JSON can be read.", s.OutputFormat)
	case s.Version != "2020-06-30":
		return s, refuse(name, "has version %.40q; only 2020-06-30 can be read.", s.Version)
	case s.TableARN == "" || s.ExportARN == "" || s.ItemCount == nil || *s.ItemCount < 0 || s.ExportTime.IsZero():
		return s, refuse(name, "lacks one of tableArn, exportArn, exportTime and itemCount.")
	}
	return s, nil
}

// load reads the list of data files that belongs to a summary.
func load(ctx context.Context, source Source, folder string, table Table, s summaryManifest, unchecked map[string]bool) (*Export, error) {
	name := path.Join(folder, filesName)
	body, err := readChecked(ctx, source, name, unchecked)
	if err != nil {
		return nil, err
	}
	export := &Export{Table: table, Folder: folder, Time: s.ExportTime, Items: *s.ItemCount}
	id := s.ExportARN[strings.LastIndex(s.ExportARN, "/")+1:]
	seen := map[string]bool{}
	var sum int64
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, maxManifest)
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		file, err := dataFile(lines.Bytes(), folder, id)
		if err != nil {
			return nil, refuse(name, "line %d %s", number, err.Error())
		}
		if seen[file.Name] {
			return nil, refuse(name, "lists %s twice.", path.Base(file.Name))
		}
		seen[file.Name] = true
		sum += file.Items
		export.Files = append(export.Files, file)
	}
	if sum != export.Items {
		return nil, refuse(name, "lists files of %d items in all where %s says %d.", sum, summaryName, export.Items)
	}
	return export, nil
}

// dataFile reads a line of manifest-files.json. The data file must be of the export with this id: the key is
// "…/<id>/data/<name>", whatever folder it has been downloaded to.
func dataFile(line []byte, folder, id string) (File, error) {
	var l filesLine
	if json.Unmarshal(line, &l) != nil || l.ItemCount == nil || *l.ItemCount < 0 || l.DataFileS3Key == "" {
		return File{}, errors.New("is not the JSON of a data file's key, MD5 and item count.")
	}
	data := path.Dir(l.DataFileS3Key)
	if path.Base(data) != "data" || path.Base(path.Dir(data)) != id {
		return File{}, fmt.Errorf("lists %s, which is a file of another export.", l.DataFileS3Key)
	}
	sum, err := base64.StdEncoding.DecodeString(l.MD5Checksum)
	if err != nil || len(sum) != md5.Size {
		return File{}, fmt.Errorf("has no MD5 for %s.", l.DataFileS3Key)
	}
	return File{Name: path.Join(folder, "data", path.Base(l.DataFileS3Key)), Items: *l.ItemCount, MD5: [md5.Size]byte(sum)}, nil
}

// readChecked reads a manifest and compares it with its checksum file. That file is written after the manifest, so it
// may not exist yet, and a download may lack it. Then the manifest is noted as unchecked; the counts still protect its
// content.
func readChecked(ctx context.Context, source Source, name string, unchecked map[string]bool) ([]byte, error) {
	body, err := readSmall(ctx, source, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(name, "is missing: the export is not complete.")
	}
	if err != nil {
		return nil, err
	}
	checksum := strings.TrimSuffix(name, ".json") + ".checksum"
	want, err := readSmall(ctx, source, checksum)
	if errors.Is(err, fs.ErrNotExist) {
		unchecked[name] = true
		return body, nil
	}
	if err != nil {
		return nil, err
	}
	sum := md5.Sum(body)
	given := string(bytes.TrimSpace(want))
	if given != base64.StdEncoding.EncodeToString(sum[:]) && !strings.EqualFold(given, hex.EncodeToString(sum[:])) {
		return nil, refuse(name, "is damaged: its MD5 is not the one in %s.", path.Base(checksum))
	}
	return body, nil
}

func readSmall(ctx context.Context, source Source, name string) ([]byte, error) {
	file, err := source.Open(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(body) > maxManifest {
		return nil, refuse(name, "is larger than %d MiB.", maxManifest>>20)
	}
	return body, nil
}
