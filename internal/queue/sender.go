package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/cloud"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// SendClient is the call of SQS that sends a message. *sqs.Client implements it.
type SendClient interface {
	SendMessage(ctx context.Context, in *sqs.SendMessageInput, options ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Sender sends messages to one FIFO queue. It is safe for concurrent use.
//
// Its errors wrap fault.Throttled or fault.Unavailable if sending may succeed later. SQS may have accepted the message
// nevertheless; it drops the copy if the message is sent again within five minutes. Other errors have no kind.
type Sender struct {
	client SendClient
	url    string
}

// NewSender returns a sender to the queue with that URL.
func NewSender(client SendClient, queueURL string) *Sender { return &Sender{client, queueURL} }

// SendMatch sends a match to the group of its mailbox, however the address is spelt.
func (s *Sender) SendMatch(ctx context.Context, m message.Match) error {
	return s.send(ctx, "queue match", &sqs.SendMessageInput{
		MessageBody:            aws.String(m.Body()),
		MessageGroupId:         aws.String(groupOf(m.Email.Key())),
		MessageDeduplicationId: aws.String(m.LookupID),
	})
}

// ResendMatch sends a match that was sent before. The queue drops it if it was sent again in the same minute, and not
// because it was sent the first time within five minutes: that message may be lost already.
func (s *Sender) ResendMatch(ctx context.Context, m message.Match, at time.Time) error {
	return s.send(ctx, "queue match again", &sqs.SendMessageInput{
		MessageBody:            aws.String(m.Body()),
		MessageGroupId:         aws.String(groupOf(m.Email.Key())),
		MessageDeduplicationId: aws.String(fmt.Sprintf("%s-%d", m.LookupID, at.Unix()/60)),
	})
}

// SendEmail sends an email to the group of its lookup.
func (s *Sender) SendEmail(ctx context.Context, e message.Email) error {
	return s.send(ctx, "queue email", &sqs.SendMessageInput{
		MessageBody:            aws.String(e.Body()),
		MessageGroupId:         aws.String(e.LookupID),
		MessageDeduplicationId: aws.String(e.Reference()),
	})
}

func (s *Sender) send(ctx context.Context, doing string, in *sqs.SendMessageInput) error {
	in.QueueUrl = aws.String(s.url)
	_, err := s.client.SendMessage(ctx, in)
	return cloud.Failure(doing, err)
}

// groupOf returns a mailbox's group id: a digest, because group ids appear in consoles and traces.
func groupOf(key teacher.EmailKey) string {
	sum := sha256.Sum256([]byte(key.Text()))
	return hex.EncodeToString(sum[:])
}
