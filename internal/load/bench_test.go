package load_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/local/sample"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"
)

const (
	benchRows    = 2_000
	benchWorkers = 8
)

// BenchmarkLoad measures loads in rows a second: into an empty table (new), over the same register (unchanged), and
// over one that is older throughout (updated). Their floor (bare) is the same records put unconditionally, 25 to a
// call, by as many workers, with nothing read, parsed or decided. All are measured in turn on one server, and the
// best round of each counts, because what else runs on the machine only ever slows a round down.
func BenchmarkLoad(b *testing.B) {
	file, newer := benchRegister(b, ""), benchRegister(b, "2026-01-01T00:00:00Z")
	records := benchRecords(b, file)
	best := map[string]time.Duration{}
	measure := func(name string, do func()) {
		start := time.Now()
		do()
		if took := time.Since(start); best[name] == 0 || took < best[name] {
			best[name] = took
		}
	}
	for range b.N {
		bare, tb := newTable(b), newTable(b)
		measure("bare", func() { bare.put(b, records) })
		measure("new", func() { tb.mustLoad(b, file, load.Summary{Rows: benchRows, Added: benchRows}) })
		measure("unchanged", func() { tb.mustLoad(b, file, load.Summary{Rows: benchRows, Unchanged: benchRows}) })
		measure("updated", func() { tb.mustLoad(b, newer, load.Summary{Rows: benchRows, Updated: benchRows}) })
	}
	for name, took := range best {
		b.ReportMetric(benchRows/took.Seconds(), name+"-rows/s")
	}
	b.ReportMetric(best["new"].Seconds()/best["bare"].Seconds(), "new/bare-time")
	b.ReportMetric(0, "ns/op")
}

// benchRegister is a sample register, all of it updated at a time if one is given.
func benchRegister(b *testing.B, updatedAt string) string {
	b.Helper()
	var file bytes.Buffer
	if err := sample.Write(&file, sample.Options{Seed: 1, Count: benchRows, FirstTRN: 1_000_000}); err != nil {
		b.Fatal(err)
	}
	if updatedAt == "" {
		return file.String()
	}
	lines := strings.SplitAfter(file.String(), "\n")
	for i, line := range lines[1:] {
		if at := strings.LastIndexByte(line, ','); at >= 0 { // updated_at is the last column
			lines[i+1] = line[:at+1] + updatedAt + "\n"
		}
	}
	return strings.Join(lines, "")
}

// benchRecords are the items that a load makes of a file.
func benchRecords(b *testing.B, file string) []attribute.Item {
	b.Helper()
	tb := newTable(b)
	tb.load(b, file)
	var items []attribute.Item
	pages := dynamodb.NewScanPaginator(tb.client, &dynamodb.ScanInput{TableName: &tb.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// put writes records with nothing but batch writes.
func (tb table) put(b *testing.B, records []attribute.Item) {
	b.Helper()
	const perCall = 25
	work, ctx := errgroup.WithContext(b.Context())
	work.SetLimit(benchWorkers)
	for from := 0; from < len(records); from += perCall {
		work.Go(func() error {
			var puts []types.WriteRequest
			for _, item := range records[from:min(from+perCall, len(records))] {
				puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
			}
			_, err := tb.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tb.name: puts}})
			return err
		})
	}
	if err := work.Wait(); err != nil {
		b.Fatal(err)
	}
}

func (tb table) mustLoad(b *testing.B, file string, want load.Summary) {
	b.Helper()
	if got := tb.load(b, file, func(o *load.Options) { o.Workers = benchWorkers }); got != want {
		b.Fatalf("%+v, want %+v", got, want)
	}
}
