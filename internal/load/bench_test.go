package load_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/sample"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"
)

// benchRows is how many rows each measurement loads.
const benchRows = 10_000

// BenchmarkLoad measures a load in rows a second: into an empty table, over the same register, and over one that is
// older throughout. The floor of the first and the last is BenchmarkBareBatchWrites.
func BenchmarkLoad(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			tb, file := newTable(b), benchRegister(b, 0)
			b.StartTimer()
			tb.measure(b, file, func(s load.Summary) int { return s.Added })
		}
		rowsPerSecond(b)
	})
	b.Run("unchanged", func(b *testing.B) {
		tb, file := newTable(b), benchRegister(b, 0)
		tb.load(b, file)
		for b.Loop() {
			tb.measure(b, file, func(s load.Summary) int { return s.Unchanged })
		}
		rowsPerSecond(b)
	})
	b.Run("updated", func(b *testing.B) {
		tb := newTable(b)
		tb.load(b, benchRegister(b, 0))
		for n := 1; b.Loop(); n++ {
			b.StopTimer()
			file := benchRegister(b, n)
			b.StartTimer()
			tb.measure(b, file, func(s load.Summary) int { return s.Updated })
		}
		rowsPerSecond(b)
	})
}

// BenchmarkBareBatchWrites is the floor of a load: the same records put unconditionally, 25 to a call, by as many
// workers, with nothing read, parsed or decided.
func BenchmarkBareBatchWrites(b *testing.B) {
	tb := newTable(b)
	tb.load(b, benchRegister(b, 0))
	var puts []types.WriteRequest
	pages := dynamodb.NewScanPaginator(tb.client, &dynamodb.ScanInput{TableName: &tb.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for _, item := range page.Items {
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		}
	}
	for range b.N {
		b.StopTimer()
		tb := newTable(b)
		b.StartTimer()
		work, ctx := errgroup.WithContext(b.Context())
		work.SetLimit(benchWorkers)
		for from := 0; from < len(puts); from += 25 {
			batch := puts[from:min(from+25, len(puts))]
			work.Go(func() error {
				_, err := tb.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tb.name: batch}})
				return err
			})
		}
		if err := work.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	rowsPerSecond(b)
}

const benchWorkers = 8

func revisionTime(n int) time.Time { return time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC) }

func rowsPerSecond(b *testing.B) {
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(0, "ns/op")
}

// benchRegister is the sample register as updated some time later: each revision is newer than the one before.
func benchRegister(b *testing.B, revision int) string {
	b.Helper()
	var file bytes.Buffer
	if err := sample.Write(&file, sample.Options{Seed: 1, Count: benchRows, FirstTRN: 1_000_000}); err != nil {
		b.Fatal(err)
	}
	if revision == 0 {
		return file.String()
	}
	lines := strings.SplitAfter(file.String(), "\n")
	for i, line := range lines[1:] {
		if at := strings.LastIndexByte(line, ','); at >= 0 {
			lines[i+1] = line[:at+1] + attribute.Text(attribute.Item{"t": attribute.Time(revisionTime(revision))}, "t") + "\n"
		}
	}
	return strings.Join(lines, "")
}

func (tb table) measure(b *testing.B, file string, counted func(load.Summary) int) {
	b.Helper()
	summary, err := load.Run(b.Context(), load.Options{Reader: strings.NewReader(file), Store: load.NewStore(tb.client, tb.name),
		Rejects: io.Discard, Workers: benchWorkers})
	if err != nil || counted(summary) != benchRows {
		b.Fatalf("%+v, %v", summary, err)
	}
}
