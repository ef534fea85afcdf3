package reportcmd_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/local/stack"
)

// lookupItem reads the strings of a lookup from the stack's table.
func lookupItem(t *testing.T, s *stack.Stack, id string) map[string]string {
	t.Helper()
	out, err := s.DynamoDBClient().GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.Tables["lookups"]), ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{"lookupId": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, value := range out.Item {
		if text, ok := value.(*types.AttributeValueMemberS); ok {
			texts[name] = text.Value
		}
	}
	return texts
}
