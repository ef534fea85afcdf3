package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"losttrn/internal/fault"
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
func (s *Sender) SendMatch(ctx context.Context, m Match) error {
	return s.send(ctx, "queue match", &sqs.SendMessageInput{
		MessageBody:            aws.String(m.Body()),
		MessageGroupId:         aws.String(groupOf(m.Email.Key())),
		MessageDeduplicationId: aws.String(m.LookupID),
	})
}

// SendEmail queues an email, in order with the others of its lookup.
func (s *Sender) SendEmail(ctx context.Context, e Email) error {
	return s.send(ctx, "queue email", &sqs.SendMessageInput{
		MessageBody:            aws.String(e.Body()),
		MessageGroupId:         aws.String(e.LookupID),
		MessageDeduplicationId: aws.String(e.Reference()),
	})
}

func (s *Sender) send(ctx context.Context, doing string, in *sqs.SendMessageInput) error {
	in.QueueUrl = aws.String(s.url)
	if _, err := s.client.SendMessage(ctx, in); err != nil {
		return fmt.Errorf("%s: %w", doing, categorised(err))
	}
	return nil
}

// groupOf is a digest, because group ids appear in consoles and traces, where an address must not.
func groupOf(key teacher.EmailKey) string {
	sum := sha256.Sum256([]byte(key.Text()))
	return hex.EncodeToString(sum[:])
}

// throttleCodes are the error codes with which SQS, or KMS behind it, says "too much at once".
var throttleCodes = []string{
	"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
	"TooManyRequestsException", "KmsThrottled", "OverLimit", "SlowDown", "BandwidthLimitExceeded", "RequestLimitExceeded",
}

// categorised adds the kind of failure to an error of the SQS client, and keeps the error for its code.
func categorised(err error) error {
	var (
		api      smithy.APIError
		response *smithyhttp.ResponseError
		network  net.Error
		unsent   *smithyhttp.RequestSendError
		canceled *aws.RequestCanceledError
	)
	isAPI, hasResponse := errors.As(err, &api), errors.As(err, &response)
	switch {
	case isAPI && slices.Contains(throttleCodes, trimNamespace(api.ErrorCode())),
		hasResponse && response.HTTPStatusCode() == 429:
		return fmt.Errorf("%w: %w", fault.Throttled, err)
	case hasResponse && response.HTTPStatusCode() >= 500,
		isAPI && api.ErrorFault() == smithy.FaultServer,
		errors.As(err, &unsent), errors.As(err, &network), errors.As(err, &canceled),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		hasResponse && !isAPI: // an answer cut short or not SQS's own: nobody knows whether it was taken
		return fmt.Errorf("%w: %w", fault.Unavailable, err)
	}
	return err
}

// trimNamespace turns "AWS.SimpleQueueService.X" and "com.amazonaws.sqs#X" into "X".
func trimNamespace(code string) string { return code[strings.LastIndexAny(code, ".#")+1:] }
