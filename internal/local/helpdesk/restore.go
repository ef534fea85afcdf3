package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/emailuse"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// found is a match in the lookups table.
type found struct {
	lookupID string
	email    teacher.Email
	trn      teacher.TRN
	at       time.Time
	unlocked bool
}

// RestoreClaims writes back into the emails table, after it was restored to a point in time, what lookups have found
// since that moment: the same conditional writes as the unlock function's, in order of time, so that it may run beside
// the service and any number of times. It lists the accounts that were unlocked for a mailbox that had found another
// TRN before, which the unlock function could not know while the record was lost.
//
// It reads the whole table of lookups, which nothing else does, with the role for it (RestoreRole).
func (d *Desk) RestoreClaims(ctx context.Context, since time.Time) (Change, error) {
	matches, unreadable, err := d.matches(ctx, since)
	if err != nil {
		return Change{}, err
	}
	if len(matches) == 0 && len(unreadable) == 0 {
		return Change{}, refuse("No lookup has found a TRN since %s.", since.UTC().Format(time.RFC3339))
	}
	mailboxes := map[teacher.EmailKey]bool{}
	for _, m := range matches {
		mailboxes[m.email.Key()] = true
	}
	return Change{
		Will: []string{fmt.Sprintf("%d matches since %s, of %d mailboxes, will be recorded where they are not.",
			len(matches), since.UTC().Format(time.RFC3339), len(mailboxes))},
		Do: func(ctx context.Context) ([]string, error) { return d.restore(ctx, matches, unreadable) },
	}, nil
}

// matches reads every lookup since a moment that found a TRN, the oldest first, and the ids of those that cannot be read.
func (d *Desk) matches(ctx context.Context, since time.Time) (all []found, unreadable []string, err error) {
	in := &dynamodb.ScanInput{
		TableName:            aws.String(d.Tables.Lookups),
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("#id, #at, #trn, #email, #unlock"),
		FilterExpression:     aws.String("#outcome = :sent AND #at >= :since"),
		ExpressionAttributeNames: map[string]string{"#id": "lookupId", "#at": "receivedAt", "#trn": "trn", "#email": "email", "#unlock": "unlockOutcome",
			"#outcome": "outcome"},
		ExpressionAttributeValues: attribute.Item{":sent": attribute.String(string(lookup.TRNSent)), ":since": attribute.Time(since)},
	}
	pages := dynamodb.NewScanPaginator(d.Database, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, cloud.Failure("read lookups", err)
		}
		for _, item := range page.Items {
			m, err := readFound(item)
			if err != nil {
				unreadable = append(unreadable, attribute.Text(item, "lookupId"))
				continue
			}
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b found) int { return a.at.Compare(b.at) })
	return all, unreadable, nil
}

func readFound(item attribute.Item) (m found, err error) {
	m.lookupID, m.unlocked = attribute.Text(item, "lookupId"), attribute.Text(item, "unlockOutcome") == "unlocked"
	var problems [3]error
	m.email, problems[0] = teacher.ParseEmail(attribute.Text(item, "email"))
	m.trn, problems[1] = teacher.ParseTRN(attribute.Text(item, "trn"))
	m.at, problems[2] = time.Parse(message.TimeFormat, attribute.Text(item, "receivedAt"))
	return m, errors.Join(problems[:]...)
}

func (d *Desk) restore(ctx context.Context, matches []found, unreadable []string) (did []string, err error) {
	watched := &claims{Database: d.Database}
	store := emailuse.NewStore(watched, d.Tables.Emails)
	written := 0
	var wronglyUnlocked []string
	for _, m := range matches {
		watched.wrote, watched.before = false, nil
		if _, err = store.Claim(ctx, m.email, m.trn, m.lookupID, m.at); err != nil {
			break
		}
		if watched.wrote {
			written++
		}
		if m.unlocked && foundAnother(watched.before, m) {
			wronglyUnlocked = append(wronglyUnlocked, lookup.Reference(m.lookupID))
		}
	}
	did = append(did, fmt.Sprintf("%d of %d matches were not recorded, or not by their last use, and are now.", written, len(matches)))
	if len(wronglyUnlocked) > 0 {
		did = append(did, "Unlocked although the mailbox had found another TRN before: "+strings.Join(wronglyUnlocked, ", ")+
			". Look at each with find; unless both are one person's, the register's owner locks the account again.")
	}
	if len(unreadable) > 0 {
		err = errors.Join(err, fmt.Errorf("these lookups cannot be read, and were passed over: %s", strings.Join(unreadable, ", ")))
	}
	return did, err
}

// foundAnother reports whether a mailbox, as it was recorded, had found another TRN before a match.
func foundAnother(entry attribute.Item, m found) bool {
	at, lifted := m.at.UTC().Format(message.TimeFormat), ""
	for _, lift := range attribute.Maps(entry, "lifted") {
		if when := attribute.Text(lift, "at"); when <= at {
			lifted = max(lifted, when)
		}
	}
	trns := attribute.Nested(entry, "trns")
	for digits := range trns {
		if when := attribute.Text(trns, digits); digits != m.trn.Digits() && when < at && when > lifted {
			return true
		}
	}
	return false
}

// claims is a database for one claim after the other, which records whether a claim was written and the item before it.
type claims struct {
	Database
	wrote  bool
	before attribute.Item
}

// PutItem writes the first claim of a mailbox, if there is none.
func (c *claims) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	out, err := c.Database.PutItem(ctx, in, options...)
	c.record(err)
	return out, err
}

// UpdateItem writes a further claim of a mailbox.
func (c *claims) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	out, err := c.Database.UpdateItem(ctx, in, options...)
	c.record(err)
	return out, err
}

func (c *claims) record(err error) {
	var stopped *types.ConditionalCheckFailedException
	if errors.As(err, &stopped) {
		c.before = stopped.Item
	}
	c.wrote = c.wrote || err == nil
}
