package queue

import (
	"context"
	"time"

	"losttrn/internal/message"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Pair sends to both queues, as the lookup function does.
type Pair struct{ matches, emails *Sender }

// NewPair returns a Pair for the queues with those URLs.
func NewPair(client SendClient, matchesURL, emailsURL string) *Pair {
	return &Pair{NewSender(client, matchesURL), NewSender(client, emailsURL)}
}

// SendMatch sends a match to the unlock function.
func (p *Pair) SendMatch(ctx context.Context, m message.Match) error {
	return p.matches.SendMatch(ctx, m)
}

// ResendMatch sends a match that was sent before to the unlock function.
func (p *Pair) ResendMatch(ctx context.Context, m message.Match, at time.Time) error {
	return p.matches.ResendMatch(ctx, m, at)
}

// SendEmail sends an email to the notify function.
func (p *Pair) SendEmail(ctx context.Context, e message.Email) error {
	return p.emails.SendEmail(ctx, e)
}

// Prime opens a connection to SQS ahead of the first message.
func (p *Pair) Prime(ctx context.Context) error { return p.matches.Prime(ctx) }

// attributeReader is the call that Prime makes: it opens a connection and sends no message.
type attributeReader interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Prime opens a connection to SQS ahead of the first message.
func (s *Sender) Prime(ctx context.Context) error {
	client, ok := s.client.(attributeReader)
	if !ok {
		return nil
	}
	_, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(s.url)})
	return err
}
