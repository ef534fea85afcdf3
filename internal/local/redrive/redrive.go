// Package redrive moves messages from a dead-letter queue back to the queue that
// they came from, for when what stopped them is mended.
package redrive

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Client are the calls of SQS that a redrive makes.
type Client interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
}

// Result is how many messages were moved, and how many of those were back among the dead letters before the end:
// what stopped them is not mended.
type Result struct{ Moved, Back int }

// visibility is how long, in seconds, a message that is being moved stays hidden.
const visibility = 60

// Move sends every message of the queue at from to the queue at to, and deletes it
// once it is there. Body and group stay; the deduplication id is a new one, since
// the old one may still be remembered, and a message that is refused as a
// duplicate would be lost. The reason and source that it was set aside with are
// dropped. Messages of one group keep their order. When it fails the messages counted
// have been moved, and the others are still there.
//
// A message that comes straight back is left there, or this would never end. It is
// known by its deduplication id, for which whoever sets a message aside takes the id
// of the message.
func Move(ctx context.Context, client Client, from, to string) (Result, error) {
	var result Result
	fifo := strings.HasSuffix(to, ".fifo")
	sent := map[string]bool{} // ids of the messages sent back
	var back []types.Message
	defer func() { release(context.WithoutCancel(ctx), client, from, back) }()
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &from, MaxNumberOfMessages: 10, VisibilityTimeout: visibility, WaitTimeSeconds: 1,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameMessageGroupId,
				types.MessageSystemAttributeNameMessageDeduplicationId},
		})
		if err != nil {
			return result, fmt.Errorf("receive dead letters: %w", err)
		}
		if len(out.Messages) == 0 {
			return result, nil
		}
		for _, m := range out.Messages {
			if sent[m.Attributes[string(types.MessageSystemAttributeNameMessageDeduplicationId)]] {
				back = append(back, m)
				result.Back++
				continue
			}
			send := &sqs.SendMessageInput{QueueUrl: &to, MessageBody: m.Body}
			if fifo {
				send.MessageGroupId = aws.String(m.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)])
				send.MessageDeduplicationId = aws.String("redrive-" + rand.Text())
			}
			again, err := client.SendMessage(ctx, send)
			if err != nil {
				return result, fmt.Errorf("send a message back: %w", err)
			}
			if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return result, fmt.Errorf("delete a dead letter that was sent back (it will be there twice, which does no harm): %w", err)
			}
			sent[aws.ToString(again.MessageId)] = true
			result.Moved++
		}
	}
}

// release lets others see again at once what was left among the dead letters. If that fails, they do when its time is
// over.
func release(ctx context.Context, client Client, from string, left []types.Message) {
	for _, m := range left {
		_, _ = client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle})
	}
}
