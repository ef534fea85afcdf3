package load_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/local/localtest"
	"losttrn/internal/sample"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// table is the teachers table on a DynamoDB server that the test started.
type table struct {
	client *dynamodb.Client
	name   string
}

func newTable(t testing.TB) table {
	t.Helper()
	servers := localtest.Servers(t)
	return table{servers.DynamoDBClient(), servers.Tables["teachers"]}
}

func (tb table) item(t testing.TB, trn string) attribute.Item {
	t.Helper()
	out, err := tb.client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &tb.name, Key: attribute.Item{"trn": attribute.String(trn)}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// all are the records, as text, by TRN.
func (tb table) all(t testing.TB) map[string]string {
	t.Helper()
	items := map[string]string{}
	pages := dynamodb.NewScanPaginator(tb.client, &dynamodb.ScanInput{TableName: &tb.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			items[attribute.Text(item, "trn")] = show(&types.AttributeValueMemberM{Value: item})
		}
	}
	return items
}

// show writes an attribute value out, its names in order.
func show(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberBOOL:
		return fmt.Sprint(v.Value)
	case *types.AttributeValueMemberL:
		var parts []string
		for _, e := range v.Value {
			parts = append(parts, show(e))
		}
		return fmt.Sprint(parts)
	case *types.AttributeValueMemberM:
		parts := map[string]string{}
		for name, e := range v.Value {
			parts[name] = show(e)
		}
		return fmt.Sprint(parts) // maps are printed in the order of their keys
	}
	return fmt.Sprintf("?%T", v)
}

// load loads an extract and fails the test unless that succeeds. It gives the rejects file, too.
func (tb table) load(t testing.TB, file string, options ...func(*load.Options)) (load.Summary, string) {
	t.Helper()
	summary, rejects, err := tb.tryLoad(t, file, options...)
	if err != nil {
		t.Fatal(err)
	}
	return summary, rejects
}

func (tb table) tryLoad(t testing.TB, file string, options ...func(*load.Options)) (load.Summary, string, error) {
	t.Helper()
	var rejects bytes.Buffer
	o := load.Options{Reader: strings.NewReader(file), Size: int64(len(file)), Store: load.NewStore(tb.client, tb.name), Rejects: &rejects, Workers: 8}
	for _, option := range options {
		option(&o)
	}
	summary, err := load.Run(t.Context(), o)
	return summary, rejects.String(), err
}

func TestTheSampleRegisterLoadsOnceHoweverOftenItIsLoaded(t *testing.T) {
	tb := newTable(t)
	var file bytes.Buffer
	if err := sample.Write(&file, sample.Default); err != nil {
		t.Fatal(err)
	}
	first, rejects := tb.load(t, file.String())
	if want := (load.Summary{Rows: 10_000, Added: 10_000}); first != want || rejects != "" {
		t.Fatalf("first load: %+v, want %+v; rejects:\n%s", first, want, rejects)
	}
	before := tb.all(t)
	second, _ := tb.load(t, file.String())
	if want := (load.Summary{Rows: 10_000, Unchanged: 10_000}); second != want {
		t.Errorf("second load: %+v, want %+v", second, want)
	}
	after := tb.all(t)
	if len(before) != 10_000 || len(after) != len(before) {
		t.Fatalf("%d records, then %d", len(before), len(after))
	}
	for trn, item := range before {
		if after[trn] != item {
			t.Fatalf("%s was\n%s\nand is\n%s", trn, item, after[trn])
		}
	}
}
