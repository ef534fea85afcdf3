package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"
)

func TestReadsEachKindOfValue(t *testing.T) {
	line := ` { "Item" : {"email":{"S":"a\"\u00e9\ud83d\ude00\n@example.com"},"n":{"N":"12"},"b":{"BOOL":true},"c": {"BOOL" : false},` +
		`"l":{"L":[{"S":"x"}, {"S":"y"}]},"none":{"L":[]},"m":{"M":{"1000001":{"S":"2026-11-22T00:00:00.000Z"}}},` +
		`"notes":{"L":[{"M":{"by":{"S":"ann"}}}]},"other":{"M":{"a":{"L":[{"N":"1"},{"NULL":true},{"B":"aGk="},{"SS":["p","q"]}]}}},"spaced": { "S" : "z" } }, "More": [1, -0.5e+3, null] } `
	var d decoder
	item, err := d.decode([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want any }{
		{item.Text("email"), "a\"é😀\n@example.com"}, {item.Seconds("n"), int64(12)}, {item.Flag("b"), true}, {item.Flag("c"), false},
		{fmt.Sprint(item.Texts("l")), "[x y]"}, {len(item.Texts("none")), 0}, {item.Times("m")["1000001"].Day(), 22},
		{item.Maps("notes")[0].Text("by"), "ann"}, {item.Text("spaced"), "z"}, {item.Text("absent"), ""}, {len(item.Problems), 0},
		{fmt.Sprint(item.Map("other")[0].Value.List), "[{N 1 false [] []} {NULL  false [] []} {B aGk= false [] []} {SS  false [] []}]"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestRefusesLinesThatAreNoItem(t *testing.T) {
	for line, want := range map[string]error{
		``:                                      errSyntax,
		`{"Item":{"a":{"S":"x"}}`:               errSyntax,
		`{"Item":{"a":{"S":"x"}}} x`:            errSyntax,
		`{"Item":{"a":{"S":"x"}}}{}`:            errSyntax,
		`{"Item":{"a":{"S":"x}}}`:               errSyntax,
		`{"Item":{"a":{"S":"\x"}}}`:             errSyntax,
		`{"Item":{"a":{"S":"\u12g4"}}}`:         errSyntax,
		"{\"Item\":{\"a\":{\"S\":\"\xff\"}}}":   errSyntax,
		"{\"Item\":{\"a\":{\"S\":\"\t\"}}}":     errSyntax,
		`{"Item":{"a":{"S":"x"},}}`:             errSyntax,
		`{"Item":{},"Item":{}}`:                 errSyntax,
		`{"Item":{"a":{"S":"x","S":"y"}}}`:      errSyntax,
		`{"Item":{"a":{}}}`:                     errSyntax,
		`{"Keys":{},"NewImage":{"a":{"S":""}}}`: errNoItem,
		`{}`:                                    errNoItem,
	} {
		var d decoder
		if _, err := d.decode([]byte(line)); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", line, err, want)
		}
	}
}

// TestAValueOfAnotherTypeIsAProblem of its attribute, not of the line.
func TestAValueOfAnotherTypeIsAProblem(t *testing.T) {
	for line, want := range map[string]string{
		`{"Item":{"a":{"N":"1"}}}`:          "is of type N, not S",
		`{"Item":{"a":{"SS":["x"]}}}`:       "is of type SS, not S",
		`{"Item":{"a":{"S":7}}}`:            "is of no type of DynamoDB's, not S",
		`{"Item":{"a":{"X":{"y":[1,2]}}}}`:  "is of no type of DynamoDB's, not S",
		`{"Item":{"a":"bare"}}`:             "is of no type of DynamoDB's, not S",
		`{"Item":{"a":[1,{"b":"secret"}]}}`: "is of no type of DynamoDB's, not S",
	} {
		var d decoder
		item, err := d.decode([]byte(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if item.Text("a"); len(item.Problems) != 1 || item.Problems[0] != (Problem{"a", want}) {
			t.Errorf("%s: %v, want %s", line, item.Problems, want)
		}
	}
}

// FuzzAgreesWithEncodingJSON: what is accepted, encoding/json accepts too, and reads the same texts.
func FuzzAgreesWithEncodingJSON(f *testing.F) {
	f.Add(`{"Item":{"a":{"S":"x\u00e9\ud83d\ude00"},"b":{"N":"1"}}}`)
	f.Add(`{"Item":{"a":{"S":"\ud800"}, "b":{"L":[{"S":"x"},{"NULL":true}]}},"x":[1,2.5e-3,null,false]}`)
	f.Fuzz(func(t *testing.T, line string) {
		var d decoder
		item, mine := d.decode([]byte(line))
		if mine != nil {
			return
		}
		var standard struct {
			Item map[string]any `json:"Item"`
		}
		if err := json.Unmarshal([]byte(line), &standard); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", line, err)
		}
		got, want := map[string]string{}, map[string]string{}
		for _, a := range item.Attributes {
			delete(got, a.Name)
			if a.Value.Type == "S" {
				got[a.Name] = a.Value.Text
			}
		}
		for name, value := range standard.Item {
			if typed, ok := value.(map[string]any); ok && !unread(name) {
				if text, ok := typed["S"].(string); ok {
					want[name] = text
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%q: read %v, encoding/json %v", line, got, want)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	line := []byte(`{"Item":{"lookupId":{"S":"01234567-89ab-cdef-0123-456789abcdef"},"receivedAt":{"S":"2026-11-01T09:30:00.000Z"},"outcome":{"S":"trn_sent"},"trn":{"S":"1000001"},"email":{"S":"someone@example.com"},"evidence":{"L":[{"S":"name"},{"S":"date_of_birth"}]},"expiresAt":{"N":"1795392000"}}}`)
	var d decoder
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.decode(line); err != nil {
			b.Fatal(err)
		}
	}
}
