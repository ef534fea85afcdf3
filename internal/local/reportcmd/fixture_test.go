package reportcmd_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/local/stack"
)

// built says that an earlier test of the package has built the functions.
var built bool

// start starts a stack of the test's own, and returns the folder of its data too.
func start(t *testing.T, sample bool) (*stack.Stack, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{Dir: dir, InMemory: true, Sample: sample, Built: built, Report: func(err error) { t.Log(err) }})
	if err != nil {
		t.Fatal(err)
	}
	built = true
	t.Cleanup(s.Stop)
	return s, dir
}

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
