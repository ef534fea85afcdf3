package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/queue"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// Refusal is the error of a command that changes nothing, in a sentence for the person at the desk.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, a ...any) error { return &Refusal{fmt.Sprintf(format, a...)} }

// ErrChanged says that an item was changed by somebody else after it was read, so that nothing was written to it.
var ErrChanged = fmt.Errorf("somebody else changed it meanwhile, so it was left as it is: look again with `find`, and repeat the command if it still is right: %w", fault.Conflict)

// one returns the one lookup that a subject names.
func (d *Desk) one(ctx context.Context, s Subject) (Held, attribute.Item, error) {
	held, err := d.Find(ctx, s)
	if err != nil {
		return held, nil, err
	}
	switch len(held.Lookups) {
	case 1:
		return held, held.Lookups[0], nil
	case 0:
		return held, nil, refuse("There is no lookup with that reference: it was never given, or its 18 months are over.")
	}
	return held, nil, refuse("%d lookups share that reference: find shows them; give the id of the one that is meant as -reference.", len(held.Lookups))
}

// Answered marks a request to the helpdesk as answered, which takes the person off the list of those who wait.
func (d *Desk) Answered(ctx context.Context, s Subject, note string) (Change, error) {
	held, item, err := d.one(ctx, s)
	if err != nil {
		return Change{}, err
	}
	id := attribute.Text(item, "lookupId")
	request := held.Requests[id]
	if len(request) == 0 {
		return Change{}, refuse("Nobody waits under %s: that lookup made no request to the helpdesk, or it was made more than 90 days ago.", lookup.Reference(id))
	}
	if at := attribute.Text(request, "answeredAt"); at != "" {
		return Change{}, refuse("The request %s is answered already, by %s on %s.", lookup.Reference(id), attribute.Text(request, "answeredBy"), lineOf(at, "").When())
	}
	values := attribute.Item{":at": attribute.Time(d.Clock()), ":by": attribute.String(d.By), ":asRead": request["requestedAt"]}
	update, names := "SET #at = :at, #by = :by", map[string]string{"#at": "answeredAt", "#by": "answeredBy", "#requested": "requestedAt"}
	if note != "" {
		update += ", #note = :note"
		names["#note"], values[":note"] = "answerNote", attribute.String(note)
	}
	return Change{
		Will: []string{fmt.Sprintf("The request %s will be marked as answered by %s; the person leaves the list of those who wait.", lookup.Reference(id), d.By)},
		Do: func(ctx context.Context) ([]string, error) {
			err := d.update(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(d.Tables.HelpdeskRequests),
				Key: attribute.Item{"lookupId": attribute.String(id)}, UpdateExpression: aws.String(update),
				ConditionExpression:      aws.String("#requested = :asRead AND attribute_not_exists(#at)"),
				ExpressionAttributeNames: names, ExpressionAttributeValues: values})
			return done(err, "The request %s is marked as answered.", lookup.Reference(id))
		},
	}, nil
}

// Contacted marks a mailbox as one whose person was contacted.
func (d *Desk) Contacted(ctx context.Context, email teacher.Email, note string) (Change, error) {
	return d.mark(ctx, email, "contacted", note,
		"The mailbox %s will be marked as contacted by %s.", "The mailbox %s is marked as contacted.")
}

// Lift makes what a mailbox has found until now no longer count as another TRN.
func (d *Desk) Lift(ctx context.Context, email teacher.Email, why string) (Change, error) {
	return d.mark(ctx, email, "lifted", why,
		"What the mailbox %s has found until now will no longer count as another TRN; %s says so. No account is unlocked by that: `retry` has a lookup judged again.",
		"The record of the mailbox %s is lifted.")
}

// mark appends at, by and note to a list of a mailbox's item.
func (d *Desk) mark(ctx context.Context, email teacher.Email, list, note, will, did string) (Change, error) {
	key := email.Key().Text()
	item, err := d.item(ctx, d.Tables.Emails, "email", key)
	if err != nil {
		return Change{}, err
	}
	if len(item) == 0 {
		return Change{}, refuse("The mailbox %s has found no TRN, so there is nothing to mark.", key)
	}
	in := appendTo(list, attribute.Item{"at": attribute.Time(d.Clock()), "by": attribute.String(d.By), "note": attribute.String(note)}, item)
	in.TableName, in.Key = aws.String(d.Tables.Emails), attribute.Item{"email": attribute.String(key)}
	in.ConditionExpression = aws.String(*in.ConditionExpression + " AND #last = :last")
	in.ExpressionAttributeNames["#last"], in.ExpressionAttributeValues[":last"] = "lastUsedAt", item["lastUsedAt"]
	return Change{
		Will: []string{fmt.Sprintf(will, key, d.By)},
		Do: func(ctx context.Context) ([]string, error) {
			return done(d.update(ctx, in), did, key)
		},
	}, nil
}

// appendTo returns the update that adds an entry to a list of an item, on condition that the list is as it was read.
func appendTo(list string, entry, asRead attribute.Item) *dynamodb.UpdateItemInput {
	in := &dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("SET #list = list_append(if_not_exists(#list, :none), :one)"),
		ExpressionAttributeNames:  map[string]string{"#list": list},
		ExpressionAttributeValues: attribute.Item{":none": attribute.MapList(), ":one": attribute.MapList(entry)},
	}
	in.ConditionExpression = aws.String("attribute_not_exists(#list)")
	if before, present := asRead[list]; present {
		in.ConditionExpression = aws.String("#list = :asRead")
		in.ExpressionAttributeValues[":asRead"] = before
	}
	return in
}

// pending reports whether a match is old enough to be in the report's list of pending matches.
func (d *Desk) pending(item attribute.Item) bool {
	at, err := time.Parse(time.RFC3339, attribute.Text(item, "receivedAt"))
	return err == nil && d.Clock().Sub(at) > time.Hour
}

// Retry makes the unlock function judge a lookup again by all the rules: it moves the refusal to the lookup's retries,
// and queues the match again.
func (d *Desk) Retry(ctx context.Context, s Subject, why string) (Change, error) {
	_, item, err := d.one(ctx, s)
	if err != nil {
		return Change{}, err
	}
	match, err := matchOf(item)
	if err != nil {
		return Change{}, err
	}
	reference := lookup.Reference(match.LookupID)
	will := fmt.Sprintf("The unlock of %s will be judged again by all the rules; the answer stands in `find` a moment later.", reference)
	// It counts as found now. Otherwise, after a lift, this TRN would not count when the mailbox finds another one.
	match.MatchedAt = d.Clock()
	resend := func(ctx context.Context) ([]string, error) {
		err := queue.NewSender(d.Messages, d.Queues.Matches).ResendMatch(ctx, match, d.Clock())
		return done(err, "The unlock of %s is queued to be judged again.", reference)
	}
	switch outcome := unlocking.Outcome(attribute.Text(item, "unlockOutcome")); {
	case outcome == "" && len(attribute.Maps(item, "retries")) > 0: // an earlier retry that ended half-way
		return Change{Will: []string{will}, Do: resend}, nil
	case outcome == "" && d.pending(item): // its message was lost; if it was not, both are decided as one
		return Change{Will: []string{will}, Do: resend}, nil
	case outcome == "":
		return Change{}, refuse("The unlock of %s has not been decided yet: within the hour that comes by itself.", reference)
	case outcome != unlocking.Refused:
		return Change{}, refuse("There is nothing to judge again. %s", decision(item))
	}
	entry := attribute.Item{"at": attribute.Time(d.Clock()), "by": attribute.String(d.By),
		"unlockOutcome": item["unlockOutcome"], "unlockReasons": item["unlockReasons"]}
	attribute.Put(entry, "note", why)
	in := appendTo("retries", entry, item)
	in.TableName, in.Key = aws.String(d.Tables.Lookups), attribute.Item{"lookupId": attribute.String(match.LookupID)}
	in.UpdateExpression = aws.String(*in.UpdateExpression + " REMOVE #outcome, #reasons, #decided")
	in.ConditionExpression = aws.String(*in.ConditionExpression + " AND #outcome = :outcome AND #decided = :decided")
	in.ExpressionAttributeNames["#outcome"], in.ExpressionAttributeNames["#reasons"], in.ExpressionAttributeNames["#decided"] =
		"unlockOutcome", "unlockReasons", "decidedAt"
	in.ExpressionAttributeValues[":outcome"], in.ExpressionAttributeValues[":decided"] = item["unlockOutcome"], item["decidedAt"]
	return Change{
		Will: []string{decision(item), will},
		Do: func(ctx context.Context) ([]string, error) {
			if err := d.update(ctx, in); err != nil {
				return nil, err
			}
			return resend(ctx)
		},
	}, nil
}

// matchOf returns the match message of a recorded match.
func matchOf(item attribute.Item) (message.Match, error) {
	if outcome := attribute.Text(item, "outcome"); outcome != string(lookup.TRNSent) {
		return message.Match{}, refuse("That lookup found no TRN, so no unlock was judged.")
	}
	trn, trnErr := teacher.ParseTRN(attribute.Text(item, "trn"))
	email, emailErr := teacher.ParseEmail(attribute.Text(item, "email"))
	at, timeErr := time.Parse(message.TimeFormat, attribute.Text(item, "receivedAt"))
	if err := errors.Join(trnErr, emailErr, timeErr); err != nil {
		return message.Match{}, fmt.Errorf("the recorded lookup cannot be read: %w", err)
	}
	return message.Match{LookupID: attribute.Text(item, "lookupId"), TRN: trn, Email: email, MatchedAt: at,
		Name: attribute.Text(item, "name"), Evidence: attribute.Texts(item, "evidence")}, nil
}

// done returns a sentence about what was done, or the error.
func done(err error, format string, a ...any) ([]string, error) {
	if err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf(format, a...)}, nil
}

// update makes a conditional update; it fails with ErrChanged if the condition no longer holds.
func (d *Desk) update(ctx context.Context, in *dynamodb.UpdateItemInput) error {
	_, err := d.Database.UpdateItem(ctx, in)
	return changed("write", err)
}

func changed(doing string, err error) error {
	if _, stopped := errors.AsType[*types.ConditionalCheckFailedException](err); stopped {
		return ErrChanged
	}
	return cloud.Failure(doing, err)
}
