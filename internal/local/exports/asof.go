package exports

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// The local server keeps no history, but the service's items hold the times of their changes. So an item's state at the
// moment of the export is reconstructed from these times: it is what DynamoDB would export, as far as reports are
// concerned.

// born are the attributes that say when an item was first written.
var born = []string{"receivedAt", "requestedAt", "firstUsedAt"}

// together are the attributes that are written with a time.
var together = map[string][]string{
	"decidedAt":     {"unlockOutcome", "unlockReasons"},
	"answeredAt":    {"answeredBy"},
	"trnDeliveryAt": {"trnDelivery"},
	"inDoubtSince":  nil,
}

// typedValue is a value with its type, as far as times can be in it.
type typedValue struct {
	S *string                    `json:"S"`
	M map[string]json.RawMessage `json:"M"`
	L []json.RawMessage          `json:"L"`
}

// asOf returns an item as it was at a moment, nil if it did not exist.
func asOf(item json.RawMessage, at time.Time) (json.RawMessage, error) {
	var attributes map[string]json.RawMessage
	if err := json.Unmarshal(item, &attributes); err != nil {
		return nil, err
	}
	for _, name := range born {
		if after(attributes[name], at) {
			return nil, nil
		}
	}
	changed := false
	for _, name := range slices.Collect(maps.Keys(attributes)) {
		if after(attributes[name], at) {
			changed = true
			delete(attributes, name)
			for _, other := range together[name] {
				delete(attributes, other)
			}
			continue
		}
		trimmed, err := trim(attributes[name], at)
		if err != nil {
			return nil, err
		}
		if trimmed != nil {
			changed = true
			attributes[name] = trimmed
		}
	}
	if !changed {
		return item, nil
	}
	return json.Marshal(attributes)
}

// after reports whether a value is a time after a moment.
func after(value json.RawMessage, at time.Time) bool {
	var typed typedValue
	if json.Unmarshal(value, &typed) != nil || typed.S == nil {
		return false
	}
	t, err := time.Parse(time.RFC3339, *typed.S)
	return err == nil && t.After(at)
}

// trim takes out of a map the entries that are later times, and out of a list those whose "at" is one; nil if there are
// none.
func trim(value json.RawMessage, at time.Time) (json.RawMessage, error) {
	var typed typedValue
	if json.Unmarshal(value, &typed) != nil {
		return nil, nil // a value of another type, which holds no times
	}
	entries, elements := len(typed.M), len(typed.L)
	maps.DeleteFunc(typed.M, func(_ string, entry json.RawMessage) bool { return after(entry, at) })
	typed.L = slices.DeleteFunc(typed.L, func(element json.RawMessage) bool {
		var inner typedValue
		return json.Unmarshal(element, &inner) == nil && after(inner.M["at"], at)
	})
	switch {
	case len(typed.M) < entries:
		return json.Marshal(map[string]any{"M": typed.M})
	case len(typed.L) < elements:
		return json.Marshal(map[string]any{"L": typed.L})
	}
	return nil, nil
}
