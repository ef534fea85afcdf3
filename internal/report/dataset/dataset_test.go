package dataset_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
	"losttrn/internal/report/generate"
)

var at = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func export(table dataset.Table) generate.Export {
	return generate.Export{Table: table, At: at, Files: 3}
}

func lookups(count int) []generate.Item {
	var items []generate.Item
	for i := range count {
		items = append(items, generate.Item{"lookupId": fmt.Sprintf("id-%d", i), "outcome": "no_match"})
	}
	return items
}

// write makes an export of each table: two emails, five lookups, no request.
func write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for table, items := range map[dataset.Table][]generate.Item{
		dataset.Emails:           {{"email": "a@example.com"}, {"email": "b@example.com"}},
		dataset.Lookups:          lookups(5),
		dataset.HelpdeskRequests: nil,
	} {
		if err := export(table).Write(dir, generate.Lines(items...)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readAll finds the exports below a folder and reads every line, without looking into it.
func readAll(t *testing.T, dir string) (map[dataset.Table][]string, error) {
	t.Helper()
	source, err := dataset.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { source.Close() })
	set, err := dataset.Search{Naming: dataset.ByName(nil)}.Find(t.Context(), source)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	lines := map[dataset.Table][]string{}
	for _, table := range dataset.Tables {
		read := int64(0)
		err := set.Exports[table].Read(t.Context(), source, 2, func() dataset.Reader {
			var d dynamojson.Decoder
			return func(line []byte) error {
				mu.Lock()
				lines[table] = append(lines[table], string(line))
				mu.Unlock()
				return d.Line(line, func([]byte) error { return d.Skip() })
			}
		}, func(n int64) { mu.Lock(); read += n; mu.Unlock() })
		if err != nil {
			return nil, err
		}
		if read != set.Exports[table].Items {
			t.Errorf("progress told of %d items of %d", read, set.Exports[table].Items)
		}
	}
	return lines, nil
}

func TestReadsEveryItemOfEveryTable(t *testing.T) {
	lines, err := readAll(t, write(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(lines[dataset.Emails]) != 2 || len(lines[dataset.Lookups]) != 5 || len(lines[dataset.HelpdeskRequests]) != 0 {
		t.Errorf("read %v", lines)
	}
	slices.Sort(lines[dataset.Lookups])
	if want := `{"Item":{"lookupId":{"S":"id-0"},"outcome":{"S":"no_match"}}}`; lines[dataset.Lookups][0] != want {
		t.Errorf("read %s, want %s", lines[dataset.Lookups][0], want)
	}
}

func TestReadsLinesLongerThanItsBuffers(t *testing.T) {
	dir := write(t)
	long := generate.Export{Table: dataset.Lookups, At: at, Attempt: 1, Files: 1}
	text := strings.Repeat("x", 3<<20)
	if err := long.Write(dir, generate.Lines(generate.Item{"lookupId": "a", "note": text}, generate.Item{"lookupId": "b"})); err != nil {
		t.Fatal(err)
	}
	lines, err := readAll(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines[dataset.Lookups]; len(got) != 2 || !strings.Contains(got[0], text) {
		t.Errorf("%d lines", len(got))
	}
}

// A partition without items may be a file of no bytes at all.
func TestReadsEmptyFilesOfEmptyPartitions(t *testing.T) {
	dir := write(t)
	files := dataFiles(t, dir, dataset.HelpdeskRequests)
	replace(t, files[0], nil)
	mend(t, dir, dataset.HelpdeskRequests)
	if _, err := readAll(t, dir); err != nil {
		t.Error(err)
	}
}

func TestNewestExportIsRead(t *testing.T) {
	dir := write(t)
	for _, table := range dataset.Tables {
		older := generate.Export{Table: table, At: at.Add(-24 * time.Hour)}
		if err := older.Write(dir, generate.Lines(generate.Item{"old": "x"})); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := readAll(t, dir)
	if err != nil || len(lines[dataset.Emails]) != 2 {
		t.Errorf("%v, %v", lines, err)
	}
}

func TestEveryKindOfDamageIsRefusedWithTheNameOfTheFile(t *testing.T) {
	lookupFolder := export(dataset.Lookups).Folder()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, dir string, folder string, files []string)
		file   string // that the sentence begins with; "" is the first data file of the lookups
		says   string
	}{
		{"a data file is missing", func(t *testing.T, _, _ string, files []string) { remove(t, files[0]) }, "", "is missing"},
		{"a data file is cut short", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], content(t, files[0])[:40])
		}, "", "is truncated: its compressed data ends after 40 bytes."},
		{"a data file is empty", func(t *testing.T, _, _ string, files []string) { replace(t, files[0], nil) }, "", "is truncated"},
		{"a byte of a data file is another", func(t *testing.T, _, _ string, files []string) {
			body := content(t, files[0])
			body[len(body)/2] ^= 4
			replace(t, files[0], body)
		}, "", "is damaged: its MD5"},
		{"a data file is of another export", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{"email":{"S":"a@example.com"}}}`+"\n"))
		}, "", "is damaged: its MD5"},
		{"two data files have changed places", func(t *testing.T, _, _ string, files []string) {
			first, second := content(t, files[0]), content(t, files[1])
			replace(t, files[0], second)
			replace(t, files[1], first)
		}, "*", "is damaged: its MD5"},
		{"a data file is no gzip", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], []byte("plain text"))
			mend(t, dir, dataset.Lookups)
		}, "", "is damaged: it is not gzip throughout."},
		{"something follows the gzip", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], append(content(t, files[0]), "more than a header"...))
			mend(t, dir, dataset.Lookups)
		}, "", "is damaged: it is not gzip throughout."},
		{"a line is missing", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{}}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "holds 1 items where manifest-files.json says 2."},
		{"a line is twice", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(strings.Repeat(`{"Item":{}}`+"\n", 3)))
			mend(t, dir, dataset.Lookups)
		}, "", "holds 3 items where manifest-files.json says 2."},
		{"a line is no JSON", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{}}`+"\n"+`{"Item":{}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "line 2 is not the JSON of an item."},
		{"a line is of an incremental export", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Metadata":{},"Keys":{},"NewImage":{}}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "line 1 holds no item"},
		{"a line is endless", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(strings.Repeat(" ", dataset.MaxLine+1<<17)))
			mend(t, dir, dataset.Lookups)
		}, "", "has a line longer than 4 MiB"},
		{"a data file that the manifest does not list", func(t *testing.T, _, _ string, files []string) {
			replace(t, filepath.Join(filepath.Dir(files[0]), "stranger.json.gz"), zipped(`{"Item":{}}`+"\n"))
		}, lookupFolder + "/data/stranger.json.gz", "is a file of another export."},
		{"the summary is missing", func(t *testing.T, _, folder string, _ []string) {
			remove(t, filepath.Join(folder, "manifest-summary.json"))
		}, lookupFolder + "/manifest-summary.json", "is missing: the export is not complete."},
		{"the summary is changed", func(t *testing.T, _, folder string, _ []string) {
			edit(t, filepath.Join(folder, "manifest-summary.json"), `"itemCount":5`, `"itemCount":4`)
		}, lookupFolder + "/manifest-summary.json", "is damaged: its MD5 is not the one in manifest-summary.checksum."},
		{"the summary is no JSON", func(t *testing.T, _, folder string, _ []string) {
			manifest(t, filepath.Join(folder, "manifest-summary"), `{`)
		}, lookupFolder + "/manifest-summary.json", "is not the JSON"},
		{"the summary lacks the count", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `"itemCount":5,`, ``)
		}, lookupFolder + "/manifest-summary.json", "lacks one of"},
		{"the export is incremental", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `FULL_EXPORT`, `INCREMENTAL_EXPORT`)
		}, lookupFolder + "/manifest-summary.json", "is of an incremental export"},
		{"the export is in another format", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `DYNAMODB_JSON`, `ION`)
		}, lookupFolder + "/manifest-summary.json", "only DYNAMODB_JSON can be read"},
		{"the export is of a later version", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `2020-06-30`, `2031-01-01`)
		}, lookupFolder + "/manifest-summary.json", "has version"},
		{"the export is of a table of no interest", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `-LookupsTable"`, `-TeachersTable"`)
		}, lookupFolder + "/manifest-summary.json", "is of another table"},
		{"the export is of another moment", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `"exportTime":"2026-11-22T00:00:00`, `"exportTime":"2026-11-22T00:00:01`)
		}, lookupFolder + "/manifest-summary.json", "is of 2026-11-22T00:00:01Z, another moment than 2026-11-22T00:00:00Z"},
		{"the list of files is missing", func(t *testing.T, _, folder string, _ []string) {
			remove(t, filepath.Join(folder, "manifest-files.json"))
		}, lookupFolder + "/manifest-files.json", "is missing"},
		{"the list of files lost a line", func(t *testing.T, _, folder string, _ []string) {
			lines := strings.SplitAfter(string(content(t, filepath.Join(folder, "manifest-files.json"))), "\n")
			manifest(t, filepath.Join(folder, "manifest-files"), strings.Join(lines[1:], ""))
		}, lookupFolder + "/manifest-files.json", "lists files of 3 items in all where manifest-summary.json says 5."},
		{"the list of files lists one twice", func(t *testing.T, _, folder string, _ []string) {
			lines := strings.SplitAfter(string(content(t, filepath.Join(folder, "manifest-files.json"))), "\n")
			manifest(t, filepath.Join(folder, "manifest-files"), lines[0]+lines[0])
		}, lookupFolder + "/manifest-files.json", "twice."},
		{"the list of files is of another export", func(t *testing.T, dir, folder string, _ []string) {
			other := content(t, filepath.Join(dir, export(dataset.Emails).Folder(), "manifest-files.json"))
			manifest(t, filepath.Join(folder, "manifest-files"), string(other))
		}, lookupFolder + "/manifest-files.json", "which is a file of another export."},
		{"the list of files has no MD5", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-files"), `"md5Checksum":"`, `"md5Checksum":"!`)
		}, lookupFolder + "/manifest-files.json", "has no MD5"},
		{"a table is missing", func(t *testing.T, _, folder string, _ []string) {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}, "There is no export of the lookups table", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t)
			files := dataFiles(t, dir, dataset.Lookups)
			c.damage(t, dir, filepath.Join(dir, lookupFolder), files)
			_, err := readAll(t, dir)
			var refusal *dataset.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not refused: %v", err)
			}
			names := []string{c.file}
			switch c.file {
			case "":
				names = []string{lookupFolder + "/data/" + filepath.Base(files[0])}
			case "*":
				names = []string{lookupFolder + "/data/" + filepath.Base(files[0]), lookupFolder + "/data/" + filepath.Base(files[1])}
			}
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(err.Error(), name) }) ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("refused with %q, want %q … %q", err, names, c.says)
			}
		})
	}
}

func TestTablesByTheirNames(t *testing.T) {
	naming := dataset.ByName(map[dataset.Table]string{dataset.HelpdeskRequests: "waiting"})
	for name, want := range map[string]dataset.Table{
		"find-a-lost-trn-EmailsTable-1A2B3C": dataset.Emails, "emails": dataset.Emails, "emails-LookupsTable-9Z": dataset.Lookups,
		"prod.lookups": dataset.Lookups, "waiting": dataset.HelpdeskRequests,
		"HelpdeskRequestsTable": "", "TeachersTable": "", "emailsarchive": "", "find-a-lost-trn-EmailsTable-1-2": "",
	} {
		if got, _ := naming("arn:aws:dynamodb:eu-west-2:111122223333:table/" + name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestAFailureOfTheSourceIsNoDamage: a bucket that stops answering must not be called a damaged file.
func TestAFailureOfTheSourceIsNoDamage(t *testing.T) {
	dir := write(t)
	source, err := dataset.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	set, err := dataset.Search{Naming: dataset.ByName(nil)}.Find(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = set.Exports[dataset.Lookups].Read(ctx, source, 1, func() dataset.Reader { return func([]byte) error { return nil } }, func(int64) {})
	var refusal *dataset.Refusal
	if !errors.Is(err, context.Canceled) || errors.As(err, &refusal) {
		t.Errorf("cancelled: %v", err)
	}
}

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
