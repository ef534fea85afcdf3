package dataset_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/report/dataset"
)

func dataFiles(t *testing.T, dir string, table dataset.Table) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, export(table).Folder(), "data", "*.json.gz"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	// The generator deals items out in turn, so the first file in the manifest has two of the five lookups; tests
	// damage a file with two.
	slices.SortFunc(files, func(a, b string) int { return len(unzipped(t, b)) - len(unzipped(t, a)) })
	return files
}

// mend makes the manifest's MD5s right again after data files were changed on purpose.
func mend(t *testing.T, dir string, table dataset.Table) {
	t.Helper()
	name := filepath.Join(dir, export(table).Folder(), "manifest-files")
	var list bytes.Buffer
	for line := range strings.Lines(string(content(t, name+".json"))) {
		key := line[strings.Index(line, `"dataFileS3Key":"`)+len(`"dataFileS3Key":"`) : strings.LastIndex(line, `"`)]
		sum := md5.Sum(content(t, filepath.Join(dir, key)))
		before, after, _ := strings.Cut(line, `"md5Checksum":"`)
		_, after, _ = strings.Cut(after, `"`)
		fmt.Fprintf(&list, `%s"md5Checksum":"%s"%s`, before, base64.StdEncoding.EncodeToString(sum[:]), after)
	}
	manifest(t, name, list.String())
}

func manifest(t *testing.T, name, body string) {
	t.Helper()
	replace(t, name+".json", []byte(body))
	sum := md5.Sum([]byte(body))
	replace(t, name+".checksum", []byte(base64.StdEncoding.EncodeToString(sum[:])))
}

func editManifest(t *testing.T, name, old, new string) {
	t.Helper()
	edit(t, name+".json", old, new)
	manifest(t, name, string(content(t, name+".json")))
}

func edit(t *testing.T, name, old, new string) {
	t.Helper()
	before := string(content(t, name))
	after := strings.Replace(before, old, new, 1)
	if before == after {
		t.Fatalf("%s does not hold %q", name, old)
	}
	replace(t, name, []byte(after))
}

func content(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func replace(t *testing.T, name string, body []byte) {
	t.Helper()
	if err := os.WriteFile(name, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func zipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

func unzipped(t *testing.T, name string) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(content(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
