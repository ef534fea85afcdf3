// Package attribute reads and builds DynamoDB attribute values by hand: the items are small and known, and
// reflection would keep code in the functions' binaries that they never use.
package attribute

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/message"
)

// Item is a DynamoDB item.
type Item = map[string]types.AttributeValue

// String returns a string attribute value.
func String(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// Bool returns a boolean attribute value.
func Bool(b bool) types.AttributeValue { return &types.AttributeValueMemberBOOL{Value: b} }

// Number returns a number attribute value.
func Number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// Time returns a time as the tables hold it: RFC 3339 in UTC with milliseconds.
func Time(t time.Time) types.AttributeValue { return String(t.UTC().Format(message.TimeFormat)) }

// Epoch returns a time to live: seconds since 1970.
func Epoch(t time.Time) types.AttributeValue { return Number(t.Unix()) }

// Strings returns a list of strings.
func Strings[S ~string](values []S) types.AttributeValue {
	list := make([]types.AttributeValue, len(values))
	for i, v := range values {
		list[i] = String(string(v))
	}
	return &types.AttributeValueMemberL{Value: list}
}

// Map returns a map.
func Map(m Item) types.AttributeValue { return &types.AttributeValueMemberM{Value: m} }

// MapList returns a list of maps.
func MapList(items ...Item) types.AttributeValue {
	list := make([]types.AttributeValue, len(items))
	for i, item := range items {
		list[i] = Map(item)
	}
	return &types.AttributeValueMemberL{Value: list}
}

// Put sets an attribute unless the text is blank: blank is never stored.
func Put(item Item, name, text string) {
	if text != "" {
		item[name] = String(text)
	}
}

// Text returns the string at a name, "" if it is absent or no string.
func Text(item Item, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// Flag is the boolean at a name, false if it is absent or no boolean.
func Flag(item Item, name string) bool {
	b, ok := item[name].(*types.AttributeValueMemberBOOL)
	return ok && b.Value
}

// Integer returns the whole number at a name, 0 if it is absent or none.
func Integer(item Item, name string) int64 {
	n, ok := item[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	value, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return 0
	}
	return value
}

// List returns the elements of the list at a name, nil if it is absent or no list.
func List(item Item, name string) []types.AttributeValue {
	if list, ok := item[name].(*types.AttributeValueMemberL); ok {
		return list.Value
	}
	return nil
}

// Texts returns the strings of the list at a name.
func Texts(item Item, name string) []string {
	list, ok := item[name].(*types.AttributeValueMemberL)
	if !ok {
		return nil
	}
	var texts []string
	for _, v := range list.Value {
		if s, ok := v.(*types.AttributeValueMemberS); ok {
			texts = append(texts, s.Value)
		}
	}
	return texts
}

// Maps returns the maps of the list at a name.
func Maps(item Item, name string) []Item {
	list, ok := item[name].(*types.AttributeValueMemberL)
	if !ok {
		return nil
	}
	var maps []Item
	for _, v := range list.Value {
		if m, ok := v.(*types.AttributeValueMemberM); ok {
			maps = append(maps, m.Value)
		}
	}
	return maps
}

// Nested returns the map at a name, nil if it is absent or none.
func Nested(item Item, name string) Item {
	if m, ok := item[name].(*types.AttributeValueMemberM); ok {
		return m.Value
	}
	return nil
}

// Expired reports whether an item's time to live has passed. DynamoDB may take days to delete such an item.
func Expired(item Item, now time.Time) bool {
	expires := Integer(item, "expiresAt")
	return expires != 0 && expires <= now.Unix()
}
