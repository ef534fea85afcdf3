package limits

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
)

// update is a change of an item's attributes, by name.
type update struct {
	id                   string
	adds, sets, removals []string
	condition            string // "" for none
	names                map[string]string
	values               attribute.Item
}

func newUpdate(id string) *update {
	return &update{id: id, names: map[string]string{}, values: attribute.Item{}}
}

func (u *update) add(name string, value types.AttributeValue) {
	u.adds = append(u.adds, u.name(name)+" "+u.value(name, value))
}

func (u *update) set(name string, value types.AttributeValue) {
	u.sets = append(u.sets, u.name(name)+" = "+u.value(name, value))
}

func (u *update) remove(name string) { u.removals = append(u.removals, u.name(name)) }

// name and value return what stands for them in an expression.
func (u *update) name(name string) string {
	u.names["#"+name] = name
	return "#" + name
}

func (u *update) value(name string, value types.AttributeValue) string {
	u.values[":"+name] = value
	return ":" + name
}

func (u *update) input(table string) *dynamodb.UpdateItemInput {
	var clauses []string
	for _, clause := range []struct {
		word  string
		parts []string
	}{{"ADD", u.adds}, {"SET", u.sets}, {"REMOVE", u.removals}} {
		if len(clause.parts) > 0 {
			clauses = append(clauses, clause.word+" "+strings.Join(clause.parts, ", "))
		}
	}
	in := &dynamodb.UpdateItemInput{TableName: aws.String(table), Key: attribute.Item{"entry": attribute.String(u.id)},
		UpdateExpression: aws.String(strings.Join(clauses, " ")), ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.values}
	if u.condition != "" {
		in.ConditionExpression = aws.String(u.condition)
	}
	return in
}
