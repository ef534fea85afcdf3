package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/cloud"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// SendClient is what sending needs of SQS. *sqs.Client is one.
type SendClient interface {
	SendMessage(ctx context.Context, in *sqs.SendMessageInput, options ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Sender puts messages on one FIFO queue. It is safe for concurrent use.
//
// Its errors are fault.Throttled or fault.Unavailable where sending again later may do; SQS may then have taken
// the message all the same, and takes it once if it is sent again within five minutes. Any other error is of no
// kind.
type Sender struct {
	client SendClient
	url    string
}

// NewSender makes a sender to the queue with that URL.
func NewSender(client SendClient, queueURL string) *Sender { return &Sender{client, queueURL} }

// SendMatch queues a match, in order with the others of its mailbox, however the address is spelt.
func (s *Sender) SendMatch(ctx context.Context, m message.Match) error {
	return s.send(ctx, "queue match", &sqs.SendMessageInput{
		MessageBody:            aws.String(m.Body()),
		MessageGroupId:         aws.String(groupOf(m.Email.Key())),
		MessageDeduplicationId: aws.String(m.LookupID),
	})
}

// SendEmail queues an email, in order with the others of its lookup.
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

// groupOf is a digest, because group ids appear in consoles and traces, where an address must not.
func groupOf(key teacher.EmailKey) string {
	sum := sha256.Sum256([]byte(key.Text()))
	return hex.EncodeToString(sum[:])
}
