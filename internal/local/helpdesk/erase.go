package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
)

// Copies is a place outside the tables and queues that holds what was sent or reported.
type Copies interface {
	// Held returns what the place holds about a trace, by name. It is written as JSON.
	Held(ctx context.Context, t Trace) (map[string]any, error)
	// Holding lists what Erase will delete, a sentence each.
	Holding(ctx context.Context, t Trace) ([]string, error)
	// Erase deletes it, and returns sentences about what it deleted.
	Erase(ctx context.Context, t Trace) ([]string, error)
}

// How long data remains that cannot be erased at once.
const (
	backupDays = 35
	exportDays = 7
	reportDays = 38 // 31, then 7 more as an old version
)

// Erase deletes everything that is held about an email address or a TRN, except what it reports as kept, with the
// reason. Every step is idempotent, and items that lead to others are deleted last, so that after an interruption the
// same command completes the erasure.
func (d *Desk) Erase(ctx context.Context, s Subject) (Change, error) {
	held, err := d.find(ctx, s)
	if err != nil {
		return Change{}, err
	}
	trace := traceOf(s, held)
	will := []string{}
	kept := d.keeps(s, held)
	if !s.TRN.IsZero() { // the record of a mailbox that found others is not about this TRN
		held.Mailboxes = slices.DeleteFunc(held.Mailboxes, several)
	}
	if n := len(held.Lookups); n > 0 {
		will = append(will, fmt.Sprintf("%s will be deleted: %s.", Count(n, "lookup"), references(held.Lookups)))
	}
	if n := len(held.Requests); n > 0 {
		will = append(will, fmt.Sprintf("%s to the helpdesk will be deleted, with what the person gave.", Count(n, "request")))
	}
	for _, item := range held.Mailboxes {
		will = append(will, mailboxPlan(item))
	}
	will = append(will, "Messages about it in the queues, dead letters included, will be deleted.")
	for _, copies := range d.Copies {
		more, err := copies.Holding(ctx, trace)
		if err != nil {
			return Change{}, err
		}
		will = append(will, more...)
	}
	will = append(will, kept...)
	return Change{Will: will, Do: func(ctx context.Context) ([]string, error) { return d.erase(ctx, trace, held) }}, nil
}

// erase deletes copies and messages first, which are recognised by the lookups, then mailboxes, which are found by
// them, and the lookups with their requests last. It continues if some messages could not be searched.
func (d *Desk) erase(ctx context.Context, trace Trace, held Held) (did []string, err error) {
	for _, copies := range d.Copies {
		done, err := copies.Erase(ctx, trace)
		did = append(did, done...)
		if err != nil {
			return did, err
		}
	}
	messages, unfinished := d.eraseMessages(ctx, trace)
	did = append(did, messages...)
	if unfinished != nil && !errors.Is(unfinished, ErrUnfinished) {
		return did, unfinished
	}
	for _, item := range held.Mailboxes {
		done, err := d.eraseMailbox(ctx, item)
		if err != nil {
			return did, err
		}
		did = append(did, done)
	}
	for _, id := range slices.Sorted(maps.Keys(trace.LookupIDs)) {
		done, err := d.eraseLookup(ctx, trace, held, id)
		did = append(did, done...)
		if err != nil {
			return did, err
		}
	}
	return append(did, d.remains()...), unfinished
}

// eraseLookup deletes a lookup and its request, last the one by which the other was found: the request, which holds the
// mailbox, or the lookup, which holds the TRN.
func (d *Desk) eraseLookup(ctx context.Context, trace Trace, held Held, id string) (did []string, err error) {
	request := func() error {
		if item, there := held.Requests[id]; there && err == nil {
			if err = d.delete(ctx, d.Tables.HelpdeskRequests, id, "requestedAt", item); err == nil {
				did = append(did, fmt.Sprintf("The request %s is deleted.", lookup.Reference(id)))
			}
		}
		return err
	}
	if trace.Mailbox == "" && request() != nil {
		return did, err
	}
	for _, item := range held.Lookups {
		if attribute.Text(item, "lookupId") == id {
			if err := d.delete(ctx, d.Tables.Lookups, id, "receivedAt", item); err != nil {
				return did, err
			}
			did = append(did, fmt.Sprintf("The lookup %s is deleted.", lookup.Reference(id)))
		}
	}
	if trace.Mailbox != "" {
		err = request()
	}
	return did, err
}

// delete deletes an item, on condition that it is the one that was read.
func (d *Desk) delete(ctx context.Context, table, id, name string, asRead attribute.Item) error {
	_, err := d.Database.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(table),
		Key:                       attribute.Item{"lookupId": attribute.String(id)},
		ConditionExpression:       aws.String("attribute_not_exists(#id) OR #asRead = :asRead"),
		ExpressionAttributeNames:  map[string]string{"#id": "lookupId", "#asRead": name},
		ExpressionAttributeValues: attribute.Item{":asRead": asRead[name]}})
	return changed("delete", err)
}

// ruleNeeds are the attributes of a mailbox that found several TRNs without which the rule of unlocking would forget
// them: the mailbox, the TRNs with their times, which a lift is compared with, and the lifts' times.
var ruleNeeds = map[string]bool{"email": true, "trns": true, "trnsFull": true, "firstTrn": true, "lastUsedAt": true}

func several(item attribute.Item) bool {
	return len(attribute.Nested(item, "trns")) > 1 || attribute.Flag(item, "trnsFull")
}

func mailboxPlan(item attribute.Item) string {
	key := attribute.Text(item, "email")
	if !several(item) {
		return fmt.Sprintf("The record of the mailbox %s will be deleted: it found one TRN.", key)
	}
	return fmt.Sprintf("Of the mailbox %s only the mailbox and the TRNs that it found, with their times, will be kept, because the rule "+
		"that an email which found two people's TRNs unlocks nobody is for ever.", key)
}

// eraseMailbox deletes the item of a mailbox, or its attributes that the rule does not need.
func (d *Desk) eraseMailbox(ctx context.Context, item attribute.Item) (string, error) {
	key := attribute.Text(item, "email")
	names := map[string]string{"#last": "lastUsedAt", "#trns": "trns"}
	values := attribute.Item{":last": item["lastUsedAt"], ":trns": item["trns"]}
	const asRead = "#last = :last AND #trns = :trns"
	if !several(item) {
		names["#email"] = "email"
		_, err := d.Database.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(d.Tables.Emails),
			Key:                      attribute.Item{"email": attribute.String(key)},
			ConditionExpression:      aws.String("attribute_not_exists(#email) OR (" + asRead + ")"),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values})
		return fmt.Sprintf("The record of the mailbox %s is deleted.", key), changed("delete", err)
	}
	var removed []string
	for name := range item {
		if !ruleNeeds[name] && name != "lifted" && name != "erased" {
			placeholder := fmt.Sprint("#r", len(removed))
			names[placeholder] = name
			removed = append(removed, placeholder)
		}
	}
	done := fmt.Sprintf("The mailbox %s and its TRNs are kept, and nothing else of it.", key)
	if len(removed) == 0 {
		return done, nil
	}
	names["#erased"] = "erased"
	values[":erased"] = attribute.MapList(attribute.Item{"at": attribute.Time(d.Clock()), "by": attribute.String(d.By)})
	update := "SET #erased = :erased"
	if lifts := attribute.Maps(item, "lifted"); len(lifts) > 0 { // without their notes
		times := make([]attribute.Item, len(lifts))
		for i, lift := range lifts {
			times[i] = attribute.Item{"at": lift["at"], "by": lift["by"]}
		}
		names["#lifted"], values[":lifted"] = "lifted", attribute.MapList(times...)
		update += ", #lifted = :lifted"
	}
	return done, d.update(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(d.Tables.Emails),
		Key:                      attribute.Item{"email": attribute.String(key)},
		UpdateExpression:         aws.String(update + " REMOVE " + strings.Join(removed, ", ")),
		ConditionExpression:      aws.String(asRead),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values})
}

// Count returns a number of things in words: 1 email, 2 emails.
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func references(items []attribute.Item) string {
	var all []string
	for _, item := range items {
		all = append(all, lookup.Reference(attribute.Text(item, "lookupId")))
	}
	return list(all)
}
