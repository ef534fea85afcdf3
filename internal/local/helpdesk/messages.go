package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/cloud"
)

// Queued is a message in a queue.
type Queued struct{ Queue, Body string }

// ErrUnfinished says that an erasure could not search every message.
var ErrUnfinished = errors.New("not every message could be looked at, so something about it may be left: erase again when it is said above")

// urls returns the queues that hold messages about people, followed by their dead-letter queues.
func (d *Desk) urls() []string {
	return []string{d.Queues.Matches, d.Queues.Emails, d.Queues.MatchesDeadLetter, d.Queues.EmailsDeadLetter}
}

// eraseMessages deletes the messages about a trace from every queue. If it could not search all of them, it fails with
// ErrUnfinished and names the queues and when a retry is possible.
func (d *Desk) eraseMessages(ctx context.Context, t Trace) (did []string, err error) {
	var unfinished error
	for _, url := range d.urls() {
		deleted := 0
		hidden, err := d.search(ctx, url, t, func(m sqstypes.Message) (bool, error) {
			_, err := d.Messages.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(url), ReceiptHandle: m.ReceiptHandle})
			if err != nil {
				return false, cloud.Failure("delete a message", err)
			}
			deleted++
			return true, nil
		})
		if deleted > 0 {
			did = append(did, fmt.Sprintf("%s deleted from the queue %s.", Count(deleted, "message"), name(url)))
		}
		if err != nil {
			return did, err
		}
		if hidden.matters(t, url == d.Queues.Matches || url == d.Queues.MatchesDeadLetter) {
			did, unfinished = append(did, hidden.words(name(url))), ErrUnfinished
		}
	}
	return did, unfinished
}

// messages returns the messages about a trace in every queue, and sentences about those that could not be searched.
func (d *Desk) messages(ctx context.Context, t Trace) (found []Queued, unseen []string, err error) {
	for _, url := range d.urls() {
		hidden, err := d.search(ctx, url, t, func(m sqstypes.Message) (bool, error) {
			found = append(found, Queued{name(url), aws.ToString(m.Body)})
			return false, nil
		})
		if err != nil {
			return nil, nil, err
		}
		if hidden.handled+hidden.behind > 0 {
			unseen = append(unseen, hidden.words(name(url)))
		}
	}
	return found, unseen, nil
}

// Waiting returns a sentence for each queue of matches with the number of waiting messages, without receiving them. A
// match that is not handled yet is in no table, so a subject about which no table holds anything may be in a queue.
func (d *Desk) Waiting(ctx context.Context) (said []string, err error) {
	for _, url := range []string{d.Queues.Matches, d.Queues.MatchesDeadLetter} {
		depth, err := d.depth(ctx, url)
		if err != nil {
			return nil, err
		}
		if n := depth.behind + depth.handled; n > 0 {
			said = append(said, fmt.Sprintf("%s in the queue %s.", Count(n, "message"), name(url)))
		}
	}
	return said, nil
}

// searched is how long a message is invisible to others while the rest of its queue is searched, in seconds.
const searched = 120

// search receives all available messages of a queue and passes those about a trace to take. It makes all others visible
// again, and those for which take returns false, also if it fails. It returns how many messages it could not receive.
func (d *Desk) search(ctx context.Context, url string, t Trace, take func(sqstypes.Message) (taken bool, err error)) (left hidden, err error) {
	var held []sqstypes.Message
	defer func() {
		for _, m := range held {
			_, failure := d.Messages.ChangeMessageVisibility(context.WithoutCancel(ctx), &sqs.ChangeMessageVisibilityInput{
				QueueUrl: aws.String(url), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0})
			err = errors.Join(err, cloud.Failure("put a message back", failure))
		}
	}()
	for {
		out, err := d.Messages.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(url), MaxNumberOfMessages: 10,
			VisibilityTimeout: searched})
		if err != nil {
			return left, cloud.Failure("receive messages", err)
		}
		if len(out.Messages) == 0 {
			break
		}
		for i, m := range out.Messages {
			taken := false
			if t.Mentioned(aws.ToString(m.Body)) {
				if taken, err = take(m); err != nil {
					held = append(held, out.Messages[i:]...)
					return left, err
				}
			}
			if !taken {
				held = append(held, m)
			}
		}
	}
	left, err = d.depth(ctx, url)
	left.handled -= len(held)
	return left, err
}

// hidden are the messages of a queue that a search could not receive.
type hidden struct {
	handled, behind  int           // those that a function handles, and those that stand behind another of their group
	timeout, longest time.Duration // until a message that is handled comes back, and until one that cannot be is deleted
}

// matters reports whether any of them may be about a trace. A group of matches is a mailbox's, and one of emails a
// lookup's: what stands behind a message that is not about a mailbox or its lookups is not either. But a mailbox's match
// of a TRN may stand behind one of another.
func (h hidden) matters(t Trace, matches bool) bool {
	return h.handled > 0 || matches && t.TRN != "" && h.behind > 0
}

func (h hidden) words(queue string) string {
	var unseen []string
	if h.handled > 0 {
		unseen = append(unseen, Count(h.handled, "message")+" that a function handles")
	}
	if h.behind > 0 {
		unseen = append(unseen, Count(h.behind, "message")+" behind others of the same group")
	}
	return fmt.Sprintf("In the queue %s could not be looked at: %s. "+
		"What is handled is done in %s, so that what it wrote can be found, or is back; the queue keeps a message for %s at most. "+
		"A match that is handled records its lookup anew; an email with a TRN whose lookup is gone is not sent, but set aside as a dead letter.",
		queue, list(unseen), Count(int(h.timeout.Seconds()), "second"), Count(int(h.longest.Hours()/24), "day"))
}

// depth returns how many messages of a queue are visible and how many are in flight, including those that the caller
// holds, and the queue's visibility timeout and retention period.
func (d *Desk) depth(ctx context.Context, url string) (all hidden, err error) {
	out, err := d.Messages.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(url), AttributeNames: []sqstypes.QueueAttributeName{
		sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		sqstypes.QueueAttributeNameVisibilityTimeout, sqstypes.QueueAttributeNameMessageRetentionPeriod}})
	if err != nil {
		return all, cloud.Failure("look at "+name(url), err)
	}
	number := func(name sqstypes.QueueAttributeName) int {
		n, failure := strconv.Atoi(out.Attributes[string(name)])
		err = errors.Join(err, failure)
		return n
	}
	all.behind = number(sqstypes.QueueAttributeNameApproximateNumberOfMessages)
	all.handled = number(sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible)
	all.timeout = time.Duration(number(sqstypes.QueueAttributeNameVisibilityTimeout)) * time.Second
	all.longest = time.Duration(number(sqstypes.QueueAttributeNameMessageRetentionPeriod)) * time.Second
	if err != nil {
		return all, fmt.Errorf("look at %s: %w", name(url), err)
	}
	return all, nil
}
