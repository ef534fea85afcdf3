package dynamojson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"unicode/utf8"

	"losttrn/internal/report/dynamojson"
)

func TestReadsEachKindOfValue(t *testing.T) {
	line := ` { "Item" : {"email":{"S":"a\"\u00e9\ud83d\ude00\n@example.com"},"n":{"N":"12"},"b":{"BOOL":true},"c": {"BOOL" : false},` +
		`"l":{"L":[{"S":"x"}, {"S":"y"}]},"none":{"L":[]},"m":{"M":{"1000001":{"S":"t1"},"deep":{"M":{}}}},` +
		`"other":{"M":{"a":{"L":[{"N":"1"},{"NULL":true},{"B":"aGk="},{"SS":["p","q"]}]}}},"spaced": { "S" : "z" } }, "More": [1, -0.5e+3, null] } `
	got := map[string]any{}
	var d dynamojson.Decoder
	text := func(b []byte, err error) (any, error) { return string(b), err }
	err := d.Line([]byte(line), func(nameBytes []byte) (err error) {
		name := string(nameBytes)
		switch name {
		case "email", "spaced":
			got[name], err = text(d.String())
		case "n":
			got[name], err = text(d.Number())
		case "b", "c":
			got[name], err = d.Bool()
		case "l", "none":
			list := []string{}
			err = d.Strings(func(s []byte) { list = append(list, string(s)) })
			got[name] = list
		case "m":
			entries := map[string]string{}
			err = d.Map(func(key []byte) error {
				k := string(key)
				if k == "deep" {
					return d.Skip()
				}
				v, err := d.String()
				entries[k] = string(v)
				return err
			})
			got[name] = entries
		default:
			err = d.Skip()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `map[b:true c:false email:a"é😀` + "\n" + `@example.com l:[x y] m:map[1000001:t1] n:12 none:[] spaced:z]`
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

func TestRefuses(t *testing.T) {
	for line, want := range map[string]error{
		``:                                      dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"x"}}`:               dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"x"}}} x`:            dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"x}}}`:               dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"\x"}}}`:             dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"\u12g4"}}}`:         dynamojson.ErrSyntax,
		"{\"Item\":{\"a\":{\"S\":\"\xff\"}}}":   dynamojson.ErrSyntax,
		"{\"Item\":{\"a\":{\"S\":\"\t\"}}}":     dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"x"},}}`:             dynamojson.ErrSyntax,
		`{"Item":{},"Item":{}}`:                 dynamojson.ErrSyntax,
		`{"Item":{"a":{"S":"x","S":"y"}}}`:      dynamojson.ErrSyntax,
		`{"Item":{"a":{}}}`:                     dynamojson.ErrSyntax,
		`{"Keys":{},"NewImage":{"a":{"S":""}}}`: dynamojson.ErrNoItem,
		`{}`:                                    dynamojson.ErrNoItem,
	} {
		var d dynamojson.Decoder
		err := d.Line([]byte(line), func([]byte) error { _, err := d.String(); return err })
		if !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", line, err, want)
		}
	}
	var d dynamojson.Decoder
	err := d.Line([]byte(`{"Item":{"a":{"N":"1"}}}`), func([]byte) error { _, err := d.String(); return err })
	var wrongType *dynamojson.TypeError
	if !errors.As(err, &wrongType) || wrongType.Got != "N" {
		t.Errorf("a number read as a string: %v", err)
	}
}

// FuzzAgreesWithEncodingJSON: skipping every attribute accepts exactly the lines that encoding/json takes for an
// object with an Item object, and reads the same texts.
func FuzzAgreesWithEncodingJSON(f *testing.F) {
	f.Add(`{"Item":{"a":{"S":"x\u00e9\ud83d\ude00"},"b":{"N":"1"}}}`)
	f.Add(`{"Item":{"a":{"S":"\ud800"}, "b":{"L":[{"S":"x"},{"NULL":true}]}},"x":[1,2.5e-3,null,false]}`)
	f.Fuzz(func(t *testing.T, line string) {
		got := map[string]string{}
		var d dynamojson.Decoder
		mine := d.Line([]byte(line), func(nameBytes []byte) error {
			name := string(nameBytes)
			value, err := d.String()
			got[name] = string(value)
			return err
		})
		var wrongType *dynamojson.TypeError
		if errors.As(mine, &wrongType) {
			return
		}
		var standard struct {
			Item map[string]map[string]any
		}
		theirs := json.Unmarshal([]byte(line), &standard)
		if mine == nil && theirs != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", line, theirs)
		}
		if mine != nil {
			return
		}
		want := map[string]string{}
		for name, value := range standard.Item {
			want[name], _ = value["S"].(string)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%q: read %v, encoding/json %v (%v)", line, got, want, slices.Sorted(maps.Keys(want)))
		}
	})
}

func FuzzSkipAcceptsWhatIsValid(f *testing.F) {
	f.Add(`{"a":[1,-2.5,{"b":null}],"c":"\n"}`)
	f.Fuzz(func(t *testing.T, value string) {
		line := []byte(`{"Item":{"a":` + value + `}}`)
		var d dynamojson.Decoder
		calls := 0
		err := d.Line(line, func([]byte) error { calls++; return d.Skip() })
		valid := json.Valid(line)
		if err == nil && !valid {
			t.Fatalf("accepted %q", line)
		}
		// encoding/json lets through what is not UTF-8; DynamoDB never writes that.
		if err != nil && valid && json.Valid([]byte(value)) && utf8.ValidString(value) && len(value) < 50 {
			t.Fatalf("refused %q: %v", line, err)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	line := []byte(`{"Item":{"lookupId":{"S":"01234567-89ab-cdef-0123-456789abcdef"},"receivedAt":{"S":"2026-11-01T09:30:00.000Z"},"outcome":{"S":"trn_sent"},"trn":{"S":"1000001"},"email":{"S":"someone@example.com"},"evidence":{"L":[{"S":"name"},{"S":"date_of_birth"}]},"expiresAt":{"N":"1795392000"}}}`)
	var d dynamojson.Decoder
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		err := d.Line(line, func(name []byte) error {
			switch string(name) {
			case "lookupId", "receivedAt", "outcome":
				_, err := d.String()
				return err
			}
			return d.Skip()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
