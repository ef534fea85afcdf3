package exportgen_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
)

func TestItems(t *testing.T) {
	at := time.Date(2026, 11, 22, 23, 30, 0, 120_000_000, time.FixedZone("", 3600))
	item := exportgen.Item{"text": "a@example.com", "odd": "\"\\ \n é 𞤀 <&> \x7f", "": "", "number": -12, "yes": true, "no": false, "time": at,
		"texts": []string{"a", "b\t"}, "none": []string(nil), "items": []exportgen.Item{{"a": "b"}, {}}, "nested": exportgen.Item{"n\"ame": exportgen.Item{"deep": 1}}}
	type m = map[string]any
	want := m{"text": m{"S": "a@example.com"}, "odd": m{"S": "\"\\ \n é 𞤀 <&> \x7f"}, "": m{"S": ""}, "number": m{"N": "-12"}, "yes": m{"BOOL": true},
		"no": m{"BOOL": false}, "time": m{"S": "2026-11-22T22:30:00.120Z"}, "texts": m{"L": []any{m{"S": "a"}, m{"S": "b\t"}}}, "none": m{"L": []any{}},
		"items": m{"L": []any{m{"M": m{"a": m{"S": "b"}}}, m{"M": m{}}}}, "nested": m{"M": m{"n\"ame": m{"M": m{"deep": m{"N": "1"}}}}}}
	for written := range exportgen.Items(item) {
		var got m
		if err := json.Unmarshal(written, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s, %v", written, err)
		}
	}
}
