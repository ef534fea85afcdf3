package queue

import (
	"context"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The attributes of a dead letter that a function set aside. One that SQS moved there itself, after its last
// attempt, has neither.
const (
	AttributeReason = "reason" // a code that says why it can never succeed, such as "unreadable"
	AttributeSource = "source" // the name of the queue that it came from
)

// DeadLetters sets messages aside on a FIFO dead-letter queue. It is safe for concurrent use.
type DeadLetters struct{ sender Sender }

// NewDeadLetters makes one for the dead-letter queue with that URL.
func NewDeadLetters(client SendClient, queueURL string) *DeadLetters {
	return &DeadLetters{Sender{client, queueURL}}
}

// SetAside sends a received message to the dead-letter queue: its body unchanged, in the group
// it was in. The message id keeps a second try within five minutes from making a second letter.
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

// source is the name of the queue in the ARN that a record carries, "unknown" in an event made without one: an
// attribute cannot be empty.
func source(record events.SQSMessage) string {
	arn := record.EventSourceARN
	if name := arn[strings.LastIndexByte(arn, ':')+1:]; name != "" {
		return name
	}
	return "unknown"
}

// group is the FIFO group that a record is of. A record without one is in order with no other.
func group(record events.SQSMessage) string {
	if id := record.Attributes["MessageGroupId"]; id != "" {
		return id
	}
	return record.MessageId
}
