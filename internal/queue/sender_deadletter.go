package queue

import (
	"context"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The attributes of a message that a function set aside. A message that SQS moved after its last attempt has none.
const (
	AttributeReason = "reason" // why it can never be handled: a code, such as "unreadable"
	AttributeSource = "source" // the name of the queue that it came from
)

// DeadLetters sends messages to a FIFO dead-letter queue. It is safe for concurrent use.
type DeadLetters struct{ sender Sender }

// NewDeadLetters returns a DeadLetters for the dead-letter queue with that URL.
func NewDeadLetters(client SendClient, queueURL string) *DeadLetters {
	return &DeadLetters{Sender{client, queueURL}}
}

// SetAside sends a received message to the dead-letter queue, with its body and group unchanged. Its deduplication id
// is the message's id, so that a second attempt within five minutes adds no second letter.
func (d *DeadLetters) SetAside(ctx context.Context, record events.SQSMessage, reason string) error {
	return d.sender.send(ctx, "set message aside", &sqs.SendMessageInput{
		MessageBody: aws.String(record.Body),
		MessageAttributes: map[string]types.MessageAttributeValue{
			AttributeReason: text(reason),
			AttributeSource: text(source(record)),
		},
		MessageGroupId:         aws.String(group(record)),
		MessageDeduplicationId: aws.String(record.MessageId),
	})
}

func text(s string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(s)}
}

// source returns the name of the queue that a record came from, or "unknown" if the event does not say: the value of an
// attribute cannot be empty.
func source(record events.SQSMessage) string {
	arn := record.EventSourceARN
	if name := arn[strings.LastIndexByte(arn, ':')+1:]; name != "" {
		return name
	}
	return "unknown"
}

// group returns the FIFO group of a record, or its message id if the event does not say.
func group(record events.SQSMessage) string {
	if id := record.Attributes["MessageGroupId"]; id != "" {
		return id
	}
	return record.MessageId
}
