package localtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/local"
)

// Clients returns clients of the servers whose calls pass through wire, each with so many attempts, and with the
// service's own pauses between them.
func Clients(s *local.Servers, wire aws.HTTPClient, attempts int) (*dynamodb.Client, *sqs.Client) {
	config := local.Config()
	config.HTTPClient, config.Retryer = wire, cloud.Retryer
	db := dynamodb.NewFromConfig(config, func(o *dynamodb.Options) {
		o.BaseEndpoint, o.RetryMaxAttempts = &s.DynamoDB, attempts
	})
	queues := sqs.NewFromConfig(config, func(o *sqs.Options) {
		o.BaseEndpoint, o.RetryMaxAttempts = &s.SQS, attempts
	})
	return db, queues
}

// keys are the partition keys of the tables.
var keys = map[string]string{"teachers": "trn", "emails": "email", "lookups": "lookupId", "helpdeskRequests": "lookupId"}

// Put stores an item in the table of a short name, such as "teachers".
func Put(t testing.TB, s *local.Servers, table string, item attribute.Item) {
	t.Helper()
	_, err := s.DynamoDBClient().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(s.Tables[table]), Item: item})
	if err != nil {
		t.Fatal(err)
	}
}

// Item returns the item of a key in the table of a short name, nil if there is none.
func Item(t testing.TB, s *local.Servers, table, key string) attribute.Item {
	t.Helper()
	out, err := s.DynamoDBClient().GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(s.Tables[table]),
		Key: attribute.Item{keys[table]: attribute.String(key)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// Items returns every item of the table of a short name.
func Items(t testing.TB, s *local.Servers, table string) []attribute.Item {
	t.Helper()
	var items []attribute.Item
	pages := dynamodb.NewScanPaginator(s.DynamoDBClient(), &dynamodb.ScanInput{TableName: aws.String(s.Tables[table])})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	return items
}

// Drain takes every message that can be received from the queue of a short name, such as "emails". It fails if a call
// does, because what a receive without an answer has taken is not there for the next.
func Drain(t testing.TB, s *local.Servers, queue string) []sqstypes.Message {
	t.Helper()
	client, url := s.SQSClient(), aws.String(s.Queues[queue])
	once := func(o *sqs.Options) { o.RetryMaxAttempts = 1 }
	var all []sqstypes.Message
	for {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10,
			MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{sqstypes.MessageSystemAttributeNameAll},
			MessageAttributeNames:       []string{"All"}}, once)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, m)
			_, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
