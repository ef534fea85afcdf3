package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
	"losttrn/internal/report/dataset"
)

var at = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func export(table dataset.Table) exportgen.Export {
	return exportgen.Export{Table: table, At: at, Files: 3}
}

func lookups(count int) []exportgen.Item {
	var items []exportgen.Item
	for i := range count {
		items = append(items, exportgen.Item{"lookupId": fmt.Sprintf("id-%d", i), "outcome": "no_match"})
	}
	return items
}

// write makes an export of each table: two emails, five lookups, no request.
func write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for table, items := range map[dataset.Table][]exportgen.Item{
		dataset.Emails:           {{"email": "a@example.com"}, {"email": "b@example.com"}},
		dataset.Lookups:          lookups(5),
		dataset.HelpdeskRequests: nil,
	} {
		if err := export(table).Write(dir, exportgen.Items(items...)); err != nil {
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
			return dataset.Reader{Item: func(item *dataset.Item) error {
				mu.Lock()
				defer mu.Unlock()
				lines[table] = append(lines[table], fmt.Sprint(item.Attributes))
				return nil
			}, End: func() error { return nil }}
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
	if want := "[{lookupId {S id-0 false [] []}} {outcome {S no_match false [] []}}]"; lines[dataset.Lookups][0] != want {
		t.Errorf("read %s, want %s", lines[dataset.Lookups][0], want)
	}
}

func TestReadsLinesLongerThanItsBuffers(t *testing.T) {
	dir := write(t)
	long := exportgen.Export{Table: dataset.Lookups, At: at, Attempt: 1, Files: 1}
	text := strings.Repeat("x", 3<<20)
	if err := long.Write(dir, exportgen.Items(exportgen.Item{"lookupId": "a", "note": text}, exportgen.Item{"lookupId": "b"})); err != nil {
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
		older := exportgen.Export{Table: table, At: at.Add(-24 * time.Hour)}
		if err := older.Write(dir, exportgen.Items(exportgen.Item{"old": "x"})); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := readAll(t, dir)
	if err != nil || len(lines[dataset.Emails]) != 2 {
		t.Errorf("%v, %v", lines, err)
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
	err = set.Exports[dataset.Lookups].Read(ctx, source, 1, func() dataset.Reader { return dataset.Reader{} }, func(int64) {})
	var refusal *dataset.Refusal
	if !errors.Is(err, context.Canceled) || errors.As(err, &refusal) {
		t.Errorf("cancelled: %v", err)
	}
}
