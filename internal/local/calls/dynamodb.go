package calls

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"losttrn/internal/local/naming"
)

// operation holds the members of DynamoDB's requests that a policy can refer to.
type operation struct {
	TableName, IndexName, TableArn, ExportArn                  string
	Key, Item, ExclusiveStartKey                               map[string]any
	Keys                                                       []map[string]any
	ProjectionExpression, ConditionExpression                  string
	UpdateExpression, FilterExpression, KeyConditionExpression string
	ExpressionAttributeNames                                   map[string]string
	AttributesToGet                                            []string
	Select, ReturnValues                                       string
}

// reads are the operations that answer with items, of which a policy can limit the attributes.
var reads = []string{"GetItem", "BatchGetItem", "Query", "Scan"}

func ofDynamoDB(name string, body []byte) ([]Call, error) {
	var in struct {
		operation
		RequestItems  map[string]json.RawMessage
		TransactItems []map[string]operation
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("calls: dynamodb:%s: %w", name, err)
	}
	switch name {
	case "TransactWriteItems", "TransactGetItems":
		return transact(in.TransactItems)
	case "BatchGetItem":
		return batchGet(in.RequestItems)
	case "BatchWriteItem":
		return batchWrite(in.RequestItems)
	case "ExportTableToPointInTime":
		return []Call{{Action: "dynamodb:" + name, Resource: in.TableArn}}, nil
	case "DescribeExport":
		return []Call{{Action: "dynamodb:" + name, Resource: in.ExportArn}}, nil
	}
	return []Call{in.operation.call(name)}, nil
}

func transact(items []map[string]operation) ([]Call, error) {
	actions := map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
	var all []Call
	for _, item := range items {
		for _, kind := range slices.Sorted(maps.Keys(item)) {
			action, known := actions[kind]
			if !known {
				return nil, fmt.Errorf("calls: no part %s of a transaction is known", kind)
			}
			all = append(all, item[kind].call(action))
		}
	}
	return all, nil
}

func batchGet(tables map[string]json.RawMessage) ([]Call, error) {
	var all []Call
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		var o operation
		if err := json.Unmarshal(tables[table], &o); err != nil {
			return nil, fmt.Errorf("calls: dynamodb:BatchGetItem: %w", err)
		}
		o.TableName = table
		all = append(all, o.call("BatchGetItem"))
	}
	return all, nil
}

func batchWrite(tables map[string]json.RawMessage) ([]Call, error) {
	var all []Call
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		var requests []struct{ PutRequest, DeleteRequest operation }
		if err := json.Unmarshal(tables[table], &requests); err != nil {
			return nil, fmt.Errorf("calls: dynamodb:BatchWriteItem: %w", err)
		}
		for _, r := range requests {
			o := r.PutRequest
			o.Keys = append(o.Keys, r.DeleteRequest.Key)
			o.TableName = table
			all = append(all, o.call("BatchWriteItem"))
		}
	}
	return all, nil
}

func (o operation) call(name string) Call {
	resource := "table/" + o.TableName
	if o.IndexName != "" {
		resource += "/index/" + o.IndexName
	}
	c := Call{Action: "dynamodb:" + name, Resource: naming.ARN("dynamodb", resource), Keys: map[string][]string{}}
	if attributes := o.attributes(); len(attributes) > 0 {
		c.Keys[keyAttributes] = attributes
	}
	switch {
	case slices.Contains(reads, name):
		c.Keys[keySelect] = []string{o.selects()}
	case o.ReturnValues != "":
		c.Keys[keyReturnValues] = []string{o.ReturnValues}
	}
	return c
}

func (o operation) selects() string {
	switch {
	case o.ProjectionExpression != "" || len(o.AttributesToGet) > 0:
		return "SPECIFIC_ATTRIBUTES"
	case o.Select != "":
		return o.Select
	case o.IndexName != "":
		return "ALL_PROJECTED_ATTRIBUTES"
	}
	return "ALL_ATTRIBUTES"
}

// attributes returns the names of every attribute that a request names, at the top of the item.
func (o operation) attributes() []string {
	names := map[string]bool{}
	for _, item := range append([]map[string]any{o.Key, o.Item, o.ExclusiveStartKey}, o.Keys...) {
		for name := range item {
			names[name] = true
		}
	}
	for _, name := range o.AttributesToGet {
		names[name] = true
	}
	for _, expression := range []string{o.ProjectionExpression, o.ConditionExpression, o.UpdateExpression, o.FilterExpression, o.KeyConditionExpression} {
		for _, name := range namesIn(expression) {
			if given, ok := o.ExpressionAttributeNames[name]; ok {
				name = given
			}
			names[name] = true
		}
	}
	return sorted(names)
}

// word is a name, a placeholder or a word of an expression, with what stands before and after it.
var word = regexp.MustCompile(`([.:]?)([#A-Za-z_][A-Za-z0-9_]*)(\s*\()?`)

// keywords are the words of expressions that are neither names nor functions.
var keywords = []string{"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN"}

// namesIn returns the names and placeholders of the attributes at the top of the item that an expression speaks of.
func namesIn(expression string) []string {
	var names []string
	for _, m := range word.FindAllStringSubmatch(expression, -1) {
		before, name, call := m[1], m[2], m[3] != ""
		isWord := slices.Contains(keywords, strings.ToUpper(name))
		if before != "" || isWord || call && !strings.HasPrefix(name, "#") {
			continue // part of a path, a value, a keyword, a function
		}
		names = append(names, name)
	}
	return names
}
