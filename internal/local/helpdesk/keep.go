package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
)

// keeps says what an erasure keeps, and why.
func (d *Desk) keeps(s Subject, held Held) []string {
	var kept []string
	for _, item := range held.Teachers {
		kept = append(kept, fmt.Sprintf("Kept: the record of TRN %s in the table teachers, because it is the register's; the register's owner corrects it there.",
			attribute.Text(item, "trn")))
	}
	for _, item := range held.Mailboxes {
		if !s.TRN.IsZero() && several(item) {
			kept = append(kept, fmt.Sprintf("Kept: TRN %s in the record of the mailbox %s, which found others too, because the rule that such an email unlocks nobody is for ever.",
				s.TRN.Digits(), attribute.Text(item, "email")))
		}
	}
	if !s.TRN.IsZero() {
		kept = append(kept, "Kept: requests of other people in which this TRN is one of several candidates, or was typed; they are those people's, and go after 90 days at the latest. "+
			"A request of the teacher's own is found by the email address in it: erase that too.")
	}
	return append(kept, "Kept: the counts of the table limits, which are HMACs that name nobody and expire by themselves, and the logs, which hold ids and codes.")
}

// remains says what cannot be erased at once, and until when it stays.
func (d *Desk) remains() []string {
	day := func(days int) string { return d.Clock().In(london).AddDate(0, 0, days).Format("2 January 2006") }
	return []string{
		fmt.Sprintf("What was deleted remains in the tables' backups (point-in-time recovery) until %s: whoever restores one erases again.", day(backupDays)),
		fmt.Sprintf("It remains in exports made before now until %s, and in reports until %s.", day(exportDays), day(reportDays)),
		fmt.Sprintf("GOV.UK Notify keeps the emails that it sent until %s.", day(exportDays)),
	}
}

// letterHeld is how long a dead letter is held while the others are looked at, in seconds.
const letterHeld = 120

// eraseLetters deletes the dead letters about a trace from both dead-letter queues.
func (d *Desk) eraseLetters(ctx context.Context, t Trace) (did []string, err error) {
	for _, url := range []string{d.Queues.MatchesDeadLetter, d.Queues.EmailsDeadLetter} {
		deleted, hidden, err := d.eraseLettersOf(ctx, url, t)
		if deleted > 0 {
			did = append(did, fmt.Sprintf("%s deleted from %s.", count(deleted, "dead letter"), name(url)))
		}
		if hidden > 0 {
			did = append(did, fmt.Sprintf("%s of %s could not be looked at: they stand behind others of their group, or somebody is looking at them. Erase again in two minutes; if they still cannot, redrive or delete those before them.",
				count(hidden, "dead letter"), name(url)))
		}
		if err != nil {
			return did, err
		}
	}
	return did, nil
}

// eraseLettersOf receives all letters of a queue, deletes those about a trace and puts the others back, also when it
// fails. It returns how many it deleted, and how many others it could not receive.
func (d *Desk) eraseLettersOf(ctx context.Context, url string, t Trace) (deleted, hidden int, err error) {
	var held []sqstypes.Message
	defer func() {
		for _, m := range held {
			_, failure := d.Messages.ChangeMessageVisibility(context.WithoutCancel(ctx), &sqs.ChangeMessageVisibilityInput{
				QueueUrl: aws.String(url), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0})
			err = errors.Join(err, cloud.Failure("put a dead letter back", failure))
		}
	}()
	for {
		out, err := d.Messages.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(url), MaxNumberOfMessages: 10,
			VisibilityTimeout: letterHeld})
		if err != nil {
			return deleted, 0, cloud.Failure("receive dead letters", err)
		}
		if len(out.Messages) == 0 {
			break
		}
		for i, m := range out.Messages {
			if !t.Mentioned(aws.ToString(m.Body)) {
				held = append(held, m)
				continue
			}
			_, err := d.Messages.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(url), ReceiptHandle: m.ReceiptHandle})
			if err != nil {
				held = append(held, out.Messages[i:]...)
				return deleted, 0, cloud.Failure("delete a dead letter", err)
			}
			deleted++
		}
	}
	left, err := d.depth(ctx, url)
	return deleted, left - len(held), err
}

// waiting says how many messages wait that may be about the person.
func (d *Desk) waiting(ctx context.Context) ([]string, error) {
	var said []string
	for _, url := range []string{d.Queues.Matches, d.Queues.Emails} {
		total, err := d.depth(ctx, url)
		if err != nil {
			return said, err
		}
		if total > 0 {
			said = append(said, fmt.Sprintf("%s waiting in %s may be about the person and write anew: erase again when it is empty.", count(total, "message"), name(url)))
		}
	}
	return said, nil
}

// depth is how many messages a queue holds, those that are being handled included.
func (d *Desk) depth(ctx context.Context, url string) (int, error) {
	kinds := []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages,
		sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible}
	out, err := d.Messages.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(url), AttributeNames: kinds})
	if err != nil {
		return 0, cloud.Failure("look at "+name(url), err)
	}
	total := 0
	for _, kind := range kinds {
		n, err := strconv.Atoi(out.Attributes[string(kind)])
		if err != nil {
			return 0, fmt.Errorf("look at %s: %w", name(url), err)
		}
		total += n
	}
	return total, nil
}
