// Package dynamojson reads the lines of a DynamoDB export: one item a line, each value wrapped in its type.
//
//	{"Item":{"lookupId":{"S":"…"},"expiresAt":{"N":"1795392000"},"evidence":{"L":[{"S":"name"}]}}}
//
// A report reads a few attributes of each of a million items, so the reader goes over the bytes once, hands out
// what is asked for and checks the grammar of the rest without building it: several times the speed of
// encoding/json, which would make a map of every item. It is as strict as encoding/json, which a fuzz test holds
// it to.
package dynamojson
