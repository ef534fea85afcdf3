package load_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/local/localtest"
	"losttrn/internal/register"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// table is a teachers table on a real DynamoDB protocol.
type table struct {
	client *dynamodb.Client
	name   string
}

// newTable makes an empty table like the one that the template declares.
func newTable(t testing.TB) table {
	t.Helper()
	s := localtest.Servers(t)
	return table{s.DynamoDBClient(), s.Tables["teachers"]}
}

func (tb table) item(t testing.TB, trn string) attribute.Item {
	t.Helper()
	out, err := tb.client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &tb.name,
		Key: attribute.Item{"trn": attribute.String(trn)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// show is a record as text, "map[]" if there is none.
func (tb table) show(t testing.TB, trn string) string {
	t.Helper()
	return show(&types.AttributeValueMemberM{Value: tb.item(t, trn)})
}

// expect compares attributes of a record with texts; "" stands for an attribute that is absent.
func (tb table) expect(t testing.TB, trn string, want map[string]string) {
	t.Helper()
	item := tb.item(t, trn)
	for name, text := range want {
		got := ""
		if value, ok := item[name]; ok {
			got = show(value)
		}
		if got != text {
			t.Errorf("%s of %s is %q, want %q", name, trn, got, text)
		}
	}
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

// set changes attributes of a record as somebody else would.
func (tb table) set(t testing.TB, trn string, item attribute.Item) {
	t.Helper()
	for name, value := range item {
		_, err := tb.client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: &tb.name,
			Key: attribute.Item{"trn": attribute.String(trn)}, UpdateExpression: aws.String("SET #n = :v"),
			ExpressionAttributeNames: map[string]string{"#n": name}, ExpressionAttributeValues: attribute.Item{":v": value}})
		if err != nil {
			t.Fatal(err)
		}
	}
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

type option func(*load.Options)

// load loads an extract and fails the test unless that succeeds without rejects.
func (tb table) load(t testing.TB, file string, options ...option) load.Summary {
	t.Helper()
	summary, rejects, err := tb.tryLoad(t.Context(), file, options...)
	if err != nil || rejects != "" {
		t.Fatalf("load: %v; rejects:\n%s", err, rejects)
	}
	return summary
}

func (tb table) tryLoad(ctx context.Context, file string, options ...option) (load.Summary, string, error) {
	var rejects bytes.Buffer
	o := load.Options{Reader: strings.NewReader(file), Size: int64(len(file)), Records: register.NewRecords(tb.client, tb.name), Rejects: &rejects, Workers: 4}
	for _, option := range options {
		option(&o)
	}
	summary, err := load.Run(ctx, o)
	return summary, rejects.String(), err
}

// through has the load call a client instead of DynamoDB's own.
func (tb table) through(client register.RecordsClient) option {
	return func(o *load.Options) { o.Records = register.NewRecords(client, tb.name) }
}

const header = "trn,first_name,middle_name,last_name,previous_names,date_of_birth,national_insurance_number,email," +
	"training_providers,status,former_trns,alerts,locked,locked_at,updated_at\n"

// extract is a file of short rows: TRN, last name, status, alerts, locked, locked_at and updated_at.
func extract(rows ...string) string {
	return "trn,last_name,status,alerts,locked,locked_at,updated_at,date_of_birth\n" + strings.Join(addBirth(rows), "")
}

func addBirth(rows []string) []string {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = row + ",1980-02-03\n"
	}
	return all
}
