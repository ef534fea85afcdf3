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
}

// visibility is how long, in seconds, a message that is being moved stays hidden.
const visibility = 60

// Move sends every message of the queue at from to the queue at to, and deletes it
// once it is there. Body and group stay; the deduplication id is a new one, since
// the old one may still be remembered, and a message that is refused as a
// duplicate would be lost. The reason and source that it was set aside with are
// dropped. Messages of one group keep their order. It returns how many were moved;
// when it fails they have been, and the others are still there.
func Move(ctx context.Context, client Client, from, to string) (moved int, err error) {
	fifo := strings.HasSuffix(to, ".fifo")
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &from, MaxNumberOfMessages: 10, VisibilityTimeout: visibility, WaitTimeSeconds: 1,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameMessageGroupId},
		})
		if err != nil {
			return moved, fmt.Errorf("receive dead letters: %w", err)
		}
		if len(out.Messages) == 0 {
			return moved, nil
		}
		for _, m := range out.Messages {
			send := &sqs.SendMessageInput{QueueUrl: &to, MessageBody: m.Body}
			if fifo {
				send.MessageGroupId = aws.String(m.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)])
				send.MessageDeduplicationId = aws.String("redrive-" + rand.Text())
			}
			if _, err := client.SendMessage(ctx, send); err != nil {
				return moved, fmt.Errorf("send a message back: %w", err)
			}
			if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return moved, fmt.Errorf("delete a dead letter that was sent back (it will be there twice, which does no harm): %w", err)
			}
			moved++
		}
	}
}
