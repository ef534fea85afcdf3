package register

import (
	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

// key returns the key of a record.
func key(trn teacher.TRN) attribute.Item {
	return attribute.Item{"trn": attribute.String(trn.Digits())}
}

// asRead returns the conditions that attributes of a record still are as they were read, absent ones absent. It adds
// what the conditions name to names and values.
func asRead(stored attribute.Item, names map[string]string, values attribute.Item, attributes []string) []string {
	conditions := make([]string, 0, len(attributes))
	for _, name := range attributes {
		names["#"+name] = name
		if value, present := stored[name]; present {
			values[":read_"+name] = value
			conditions = append(conditions, "#"+name+" = :read_"+name)
		} else {
			conditions = append(conditions, "attribute_not_exists(#"+name+")")
		}
	}
	return conditions
}
