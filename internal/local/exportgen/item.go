package exportgen

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"losttrn/internal/message"
)

// Item is an item by its attributes' names. Strings are S, ints N, bools BOOL, times S in the tables' form, lists
// of strings or Items L and nested Items M.
type Item map[string]any

// typed returns the item as an object of typed attributes.
func (i Item) typed() []byte {
	object, err := json.Marshal(typed(i)["M"])
	if err != nil {
		panic(fmt.Sprintf("generate: %v", err)) // impossible: strings, numbers and maps of them
	}
	return object
}

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

func typed(value any) map[string]any {
	switch v := value.(type) {
	case string:
		return map[string]any{"S": v}
	case int:
		return map[string]any{"N": strconv.Itoa(v)}
	case bool:
		return map[string]any{"BOOL": v}
	case time.Time:
		return map[string]any{"S": v.UTC().Format(message.TimeFormat)}
	case []string:
		list := make([]any, 0, len(v))
		for _, s := range v {
			list = append(list, typed(s))
		}
		return map[string]any{"L": list}
	case []Item:
		list := make([]any, 0, len(v))
		for _, item := range v {
			list = append(list, typed(item))
		}
		return map[string]any{"L": list}
	case Item:
		entries := map[string]any{}
		for name, entry := range v {
			entries[name] = typed(entry)
		}
		return map[string]any{"M": entries}
	}
	panic(fmt.Sprintf("generate: no DynamoDB type for %T", value))
}
