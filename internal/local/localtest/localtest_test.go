package localtest_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local/localtest"
)

func TestServersHoldWhatTheTemplateDeclares(t *testing.T) {
	s := localtest.ServersWith(t, map[string]string{"VisibilityTimeout": "2"})

	for _, table := range []string{"teachers", "emails", "lookups", "helpdeskRequests", "limits"} {
		if s.Tables[table] == "" {
			t.Errorf("no table %s; have %v", table, slices.Sorted(maps.Keys(s.Tables)))
		}
	}
	out, err := s.DynamoDBClient().Query(t.Context(), &dynamodb.QueryInput{
		TableName:                 aws.String(s.Tables["teachers"]),
		IndexName:                 aws.String("byEmail"),
		KeyConditionExpression:    aws.String("emailKey = :e"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":e": &types.AttributeValueMemberS{Value: "a@example.com"}},
	})
	if err != nil || out.Count != 0 {
		t.Errorf("query the empty index: %v, %v", out, err)
	}

	queue := aws.String(s.Queues["matches"])
	// A name may hold characters beyond the basic plane.
	const body = "𞤀𞤁 😀"
	if _, err := s.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: queue, MessageBody: aws.String(body),
		MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"),
	}); err != nil {
		t.Fatalf("send: %v", err)
	}
	received, err := s.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue})
	if err != nil || len(received.Messages) != 1 || *received.Messages[0].Body != body {
		t.Errorf("receive: %v, %v", received, err)
	}
	attributes, err := s.SQSClient().GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	if err != nil || attributes.Attributes["VisibilityTimeout"] != "2" {
		t.Errorf("attributes: %v, %v", attributes, err)
	}
}
