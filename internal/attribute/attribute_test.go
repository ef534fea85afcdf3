package attribute_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"
)

// TestThroughDynamoDB: what is built is read back after a real table held it.
func TestThroughDynamoDB(t *testing.T) {
	servers := localtest.Servers(t)
	db, table := servers.DynamoDBClient(), aws.String(servers.Tables["limits"])
	at := time.Date(2026, 7, 1, 0, 30, 0, 123_999_999, time.FixedZone("BST", 3600))
	item := attribute.Item{
		"entry": attribute.String("k"), "text": attribute.String("Siân 😀"), "flag": attribute.Bool(true), "number": attribute.Number(-7),
		"time": attribute.Time(at), "expiresAt": attribute.Epoch(at), "texts": attribute.Strings([]string{"a", "b"}),
		"none": attribute.Strings[string](nil), "map": attribute.Map(attribute.Item{"x": attribute.String("y")}),
		"maps": &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{"x": attribute.String("1")}),
			attribute.String("no map"), attribute.Map(attribute.Item{})}},
	}
	attribute.Put(item, "put", "text")
	attribute.Put(item, "blank", "")
	if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
		t.Fatal(err)
	}
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: attribute.Item{"entry": attribute.String("k")}})
	if err != nil {
		t.Fatal(err)
	}
	got := out.Item
	for name, pair := range map[string][2]any{
		"text":     {attribute.Text(got, "text"), "Siân 😀"},
		"flag":     {attribute.Flag(got, "flag"), true},
		"number":   {attribute.Integer(got, "number"), int64(-7)},
		"time":     {attribute.Text(got, "time"), "2026-06-30T23:30:00.123Z"},
		"epoch":    {attribute.Integer(got, "expiresAt"), at.Unix()},
		"texts":    {attribute.Texts(got, "texts"), []string{"a", "b"}},
		"no texts": {len(attribute.Texts(got, "none")), 0},
		"map":      {attribute.Text(attribute.Nested(got, "map"), "x"), "y"},
		"maps":     {len(attribute.Maps(got, "maps")), 2},
		"first":    {attribute.Text(attribute.Maps(got, "maps")[0], "x"), "1"},
		"put":      {attribute.Text(got, "put"), "text"},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
	if _, there := got["blank"]; there {
		t.Error("blank is stored")
	}
}

// TestOtherTypesAreAbsent: what another program wrote wrong is as if it were not there.
func TestOtherTypesAreAbsent(t *testing.T) {
	item := attribute.Item{"text": attribute.String("1"), "flag": attribute.Bool(true), "number": attribute.Number(1), "list": attribute.Strings([]string{"a"}),
		"map": attribute.Map(attribute.Item{"x": attribute.String("y")}), "fraction": &types.AttributeValueMemberN{Value: "1.5"}}
	var text, flag, number, texts, inMaps, nested []string
	for _, name := range append(slices.Sorted(maps.Keys(item)), "absent") {
		note := func(list *[]string, there bool) {
			if there {
				*list = append(*list, name)
			}
		}
		note(&text, attribute.Text(item, name) != "")
		note(&flag, attribute.Flag(item, name))
		note(&number, attribute.Integer(item, name) != 0)
		note(&texts, attribute.Texts(item, name) != nil)
		note(&inMaps, attribute.Maps(item, name) != nil)
		note(&nested, attribute.Nested(item, name) != nil)
	}
	for want, got := range map[string][]string{"text": text, "flag": flag, "number": number, "list": texts, "": inMaps, "map": nested} {
		if len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
			t.Errorf("got %v, want %q", got, want)
		}
	}
	if attribute.Text(nil, "x") != "" || attribute.Nested(nil, "x") != nil {
		t.Error("of no item")
	}
}

func TestExpired(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 500_000_000, time.UTC)
	for want, items := range map[bool][]attribute.Item{
		true:  {{"expiresAt": attribute.Epoch(now)}, {"expiresAt": attribute.Epoch(now.Add(-time.Hour))}},
		false: {{"expiresAt": attribute.Epoch(now.Add(time.Second))}, {}, nil, {"expiresAt": attribute.String("1")}},
	} {
		for _, item := range items {
			if got := attribute.Expired(item, now); got != want {
				t.Errorf("%v: %t", attribute.Integer(item, "expiresAt"), got)
			}
		}
	}
}
