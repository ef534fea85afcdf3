package endtoend_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/local/sample"
	"losttrn/internal/register"
)

// crowd stores people of the sample register, all born on one day.
func (w *fixture) crowd(t *testing.T, count int, born string) {
	t.Helper()
	var made, file bytes.Buffer
	if err := sample.Write(&made, sample.Options{Seed: 1, Count: count, FirstTRN: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&made).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(rows[0], "date_of_birth")
	for _, row := range rows[1:] {
		row[column] = born
	}
	if err := csv.NewWriter(&file).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	summary, err := load.Run(t.Context(), load.Options{Reader: &file, Records: register.NewRecords(w.db, w.Tables["teachers"])})
	if err != nil || summary.Added != count {
		t.Fatalf("%d of %d people were stored: %v", summary.Added, count, err)
	}
}

// kept returns how many KB an item of a table has on average, with its entries in the table's indexes.
func (w *fixture) kept(t *testing.T, table string) float64 {
	t.Helper()
	described, err := w.db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(w.Tables[table])})
	if err != nil {
		t.Fatal(err)
	}
	sum := w.bytes(t, table, "")
	for _, index := range described.Table.GlobalSecondaryIndexes {
		sum += w.bytes(t, table, *index.IndexName)
	}
	return sum / 1024
}

// bytes returns how many bytes an item of a table has on average, in the table or in an index of it, with the hundred that
// DynamoDB charges for each.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func (w *fixture) bytes(t *testing.T, table, index string) float64 {
	t.Helper()
	items, _ := w.scan(t, &dynamodb.ScanInput{TableName: aws.String(w.Tables[table])})
	input := &dynamodb.ScanInput{TableName: aws.String(w.Tables[table])}
	if index != "" {
		input.IndexName = aws.String(index)
	}
	_, sum := w.scan(t, input)
	return float64(sum) / float64(items) // an index has no entry of an item without its key
}

func (w *fixture) scan(t *testing.T, input *dynamodb.ScanInput) (items, sum int) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(w.db, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			items, sum = items+1, sum+100+itemBytes(item)
		}
	}
	return items, sum
}

// itemBytes returns the size of an item: its names and its values.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func itemBytes(item attribute.Item) (n int) {
	for name, value := range item {
		n += len(name) + valueBytes(value)
	}
	return n
}

func valueBytes(value types.AttributeValue) int {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return len(v.Value)/2 + 2
	case *types.AttributeValueMemberSS:
		return len(strings.Join(v.Value, ""))
	case *types.AttributeValueMemberL:
		n := 3
		for _, element := range v.Value {
			n += 1 + valueBytes(element)
		}
		return n
	case *types.AttributeValueMemberM:
		return 3 + len(v.Value) + itemBytes(v.Value)
	}
	return 1 // a truth value, or none
}
