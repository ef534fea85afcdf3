// Package redrive moves messages from a dead-letter queue back to the queue that they came from, after the cause of
// their failure is fixed.
package redrive

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

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
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Result is the outcome of a redrive.
type Result struct {
	Moved int
	// Back counts those of Moved that were dead letters again before the end, because the cause is not fixed.
	Back int
	// Hidden counts the messages that were invisible, because another redrive that runs, or one that was killed,
	// received them within the last minute.
	Hidden int
}

// Visibility is how long a message that is being moved stays hidden from others.
const Visibility = time.Minute

// Move sends every message of the queue at from to the queue at to, and deletes it
// once it is there. Body and group stay; the deduplication id is a new one, since
// the old one may still be remembered, and a message that is refused as a
// duplicate would be lost. The reason and source that it was set aside with are
// dropped. Messages of one group keep their order. When it fails the messages counted
// have been moved, and the others are still there.
//
// A message that comes straight back is left there, or Move would not end. It is recognised by its deduplication id,
// which is the id of the message that was set aside.
func Move(ctx context.Context, client Client, from, to string) (Result, error) {
	var result Result
	fifo := strings.HasSuffix(to, ".fifo")
	sent := map[string]bool{} // ids of the messages sent back
	var left []types.Message  // received and not moved
	defer func() { release(context.WithoutCancel(ctx), client, from, left) }()
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &from, MaxNumberOfMessages: 10, VisibilityTimeout: int32(Visibility.Seconds()), WaitTimeSeconds: 1,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameMessageGroupId,
				types.MessageSystemAttributeNameMessageDeduplicationId},
		})
		if err != nil {
			return result, fmt.Errorf("receive dead letters: %w", err)
		}
		if len(out.Messages) == 0 {
			result.Hidden, err = hidden(ctx, client, from, len(left))
			return result, err
		}
		for i, m := range out.Messages {
			if sent[m.Attributes[string(types.MessageSystemAttributeNameMessageDeduplicationId)]] {
				left = append(left, m)
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
				left = append(left, out.Messages[i:]...)
				return result, fmt.Errorf("send a message back: %w", err)
			}
			// The message has been sent; it must not be moved again, even if deleting it fails.
			if _, err := client.DeleteMessage(context.WithoutCancel(ctx), &sqs.DeleteMessageInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle}); err != nil {
				left = append(left, out.Messages[i+1:]...)
				return result, fmt.Errorf("delete a dead letter that was sent back (it will be there twice, which does no harm): %w", err)
			}
			sent[aws.ToString(again.MessageId)] = true
			result.Moved++
		}
	}
}

// hidden counts the dead letters that cannot be received, because they, or another of their group, are invisible.
func hidden(ctx context.Context, client Client, from string, own int) (int, error) {
	out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &from, AttributeNames: []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible}})
	if err != nil {
		return 0, fmt.Errorf("count the dead letters that are left: %w", err)
	}
	all := 0
	for name, value := range out.Attributes {
		n, err := strconv.Atoi(value)
		if err != nil {
			return 0, fmt.Errorf("count the dead letters that are left: %s is %q", name, value)
		}
		all += n
	}
	return max(all-own, 0), nil
}

// release makes the messages that were left visible again. If that fails, they become visible when their time-out ends.
func release(ctx context.Context, client Client, from string, left []types.Message) {
	for _, m := range left {
		_, _ = client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle})
	}
}
