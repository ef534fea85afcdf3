package exportgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"losttrn/internal/message"
)

// Item is an item by its attributes' names. Strings are S, ints N, bools BOOL, times S in the tables' form, lists
// of strings or Items L and nested Items M.
type Item map[string]any

// typed returns the item as an object of typed attributes.
func (i Item) typed() []byte { return appendItem(make([]byte, 0, 1<<10), i) }

// Items yields items one after another, as Export.Write takes them.
func Items(items ...Item) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for item := range slices.Values(items) {
			if !yield(item.typed()) {
				return
			}
		}
	}
}

// appendItem appends an object of typed attributes, in the order of their names. It writes the JSON itself, because a
// million items are most of what the tests and benchmarks of exports would wait for.
func appendItem(to []byte, item Item) []byte {
	to = append(to, '{')
	for n, name := range slices.Sorted(maps.Keys(item)) {
		if n > 0 {
			to = append(to, ',')
		}
		to = append(appendText(to, name), ':')
		to = appendTyped(to, item[name])
	}
	return append(to, '}')
}

func appendTyped(to []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		to = appendText(append(to, `{"S":`...), v)
	case int:
		to = append(strconv.AppendInt(append(to, `{"N":"`...), int64(v), 10), '"')
	case bool:
		to = strconv.AppendBool(append(to, `{"BOOL":`...), v)
	case time.Time:
		to = append(v.UTC().AppendFormat(append(to, `{"S":"`...), message.TimeFormat), '"')
	case []string:
		to = appendList(to, v)
	case []Item:
		to = appendList(to, v)
	case Item:
		to = appendItem(append(to, `{"M":`...), v)
	default:
		panic(fmt.Sprintf("generate: no DynamoDB type for %T", value))
	}
	return append(to, '}')
}

func appendList[E any](to []byte, list []E) []byte {
	to = append(to, `{"L":[`...)
	for i, element := range list {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendTyped(to, element)
	}
	return append(to, ']')
}

// appendText appends a text as JSON.
func appendText(to []byte, text string) []byte {
	for _, r := range text {
		if r < ' ' || r == '"' || r == '\\' || r > '~' {
			quoted, err := json.Marshal(text)
			if err != nil {
				panic(fmt.Sprintf("generate: %v", err)) // impossible: every text can be quoted
			}
			return append(to, quoted...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}
