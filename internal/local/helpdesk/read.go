package helpdesk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
)

// Find reads what the tables hold about a subject: of an email address its mailbox, lookups and requests, and the
// teacher whose own address it is; of a TRN its teacher, its lookups with their requests, and the mailboxes that found
// it; of a reference its lookup, request and mailbox, and what else the mailbox asked. What has expired is left out.
func (d *Desk) Find(ctx context.Context, s Subject) (Held, error) {
	held, err := d.find(ctx, s)
	if err != nil {
		return Held{}, err
	}
	now := d.Clock()
	held.Lookups = slices.DeleteFunc(held.Lookups, func(i attribute.Item) bool { return attribute.Expired(i, now) })
	for id, request := range held.Requests {
		if attribute.Expired(request, now) {
			delete(held.Requests, id)
		}
	}
	held.Others = slices.DeleteFunc(held.Others, func(i attribute.Item) bool { return attribute.Expired(i, now) })
	return held, nil
}

// Everything holds all that can be found about a subject.
type Everything struct {
	Held
	Messages []Queued
	Copies   map[string]any
	// Elsewhere lists places that may hold more and cannot be searched, a sentence each.
	Elsewhere []string
}

// FindAll reads all that is held about a subject, for an access request: what Find reads and what has expired and is not
// deleted yet, messages in queues, and copies.
func (d *Desk) FindAll(ctx context.Context, s Subject) (Everything, error) {
	held, err := d.find(ctx, s)
	if err != nil {
		return Everything{}, err
	}
	all, trace := Everything{Held: held, Copies: map[string]any{}}, traceOf(s, held)
	if all.Messages, all.Elsewhere, err = d.messages(ctx, trace); err != nil {
		return all, err
	}
	for _, copies := range d.Copies {
		found, err := copies.Held(ctx, trace)
		if err != nil {
			return all, err
		}
		maps.Copy(all.Copies, found)
	}
	all.Elsewhere = append(all.Elsewhere, elsewhere...)
	return all, nil
}

// find does as Find, but includes what has expired and is not deleted yet.
func (d *Desk) find(ctx context.Context, s Subject) (Held, error) {
	held := Held{Requests: map[string]attribute.Item{}}
	var ids, mailboxes, trns []string
	read := func(into *[]string, table, index, name, value, key string) func() error {
		return func() error {
			found, err := d.keys(ctx, table, index, name, value, key)
			*into = append(*into, found...)
			return err
		}
	}
	var steps []func() error
	switch {
	case !s.Email.IsZero():
		key := s.Email.Key().Text()
		mailboxes = []string{key}
		steps = []func() error{
			read(&ids, d.Tables.Lookups, "byEmail", "emailKey", key, "lookupId"),
			read(&ids, d.Tables.HelpdeskRequests, "byEmail", "emailKey", key, "lookupId"),
			read(&trns, d.Tables.Teachers, "byEmail", "emailKey", key, "trn"),
		}
	case !s.TRN.IsZero():
		trns = []string{s.TRN.Digits()}
		steps = []func() error{
			read(&ids, d.Tables.Lookups, "byTrn", "trn", s.TRN.Digits(), "lookupId"),
			read(&mailboxes, d.Tables.Emails, "byFirstTrn", "firstTrn", s.TRN.Digits(), "email"),
		}
	case s.LookupID != "":
		ids = []string{s.LookupID}
	default:
		steps = []func() error{read(&ids, d.Tables.Lookups, "byReference", "reference", s.Reference, "lookupId")}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return held, err
		}
	}
	if err := d.readLookups(ctx, &held, unique(ids)); err != nil {
		return held, err
	}
	if s.Email.IsZero() {
		for _, item := range held.Lookups {
			mailboxes = append(mailboxes, attribute.Text(item, "emailKey"))
		}
	}
	if s.Email.IsZero() && s.TRN.IsZero() {
		for _, request := range held.Requests {
			asked := attribute.Text(request, "emailKey")
			mailboxes = append(mailboxes, asked)
			if err := d.readOthers(ctx, &held, asked); err != nil {
				return held, err
			}
		}
	}
	if err := d.readEach(ctx, &held.Mailboxes, d.Tables.Emails, "email", unique(mailboxes)); err != nil {
		return held, err
	}
	return held, d.readEach(ctx, &held.Teachers, d.Tables.Teachers, "trn", unique(trns))
}

// readLookups reads lookups and their requests.
func (d *Desk) readLookups(ctx context.Context, held *Held, ids []string) error {
	if err := d.readEach(ctx, &held.Lookups, d.Tables.Lookups, "lookupId", ids); err != nil {
		return err
	}
	slices.SortStableFunc(held.Lookups, func(a, b attribute.Item) int {
		return strings.Compare(attribute.Text(a, "receivedAt"), attribute.Text(b, "receivedAt"))
	})
	for _, id := range ids {
		request, err := d.item(ctx, d.Tables.HelpdeskRequests, "lookupId", id)
		if err != nil {
			return err
		}
		if len(request) > 0 {
			held.Requests[id] = request
		}
	}
	return nil
}

// readOthers reads the requests of a mailbox that are not held yet: the helpdesk may have answered the person under one of
// them.
func (d *Desk) readOthers(ctx context.Context, held *Held, mailbox string) error {
	if mailbox == "" {
		return nil
	}
	ids, err := d.keys(ctx, d.Tables.HelpdeskRequests, "byEmail", "emailKey", mailbox, "lookupId")
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(unique(ids), func(id string) bool { return held.Requests[id] != nil })
	return d.readEach(ctx, &held.Others, d.Tables.HelpdeskRequests, "lookupId", ids)
}

func (d *Desk) readEach(ctx context.Context, into *[]attribute.Item, table, key string, values []string) error {
	for _, value := range values {
		item, err := d.item(ctx, table, key, value)
		if err != nil {
			return err
		}
		if len(item) > 0 {
			*into = append(*into, item)
		}
	}
	return nil
}

// item reads one item whole, nil if there is none.
func (d *Desk) item(ctx context.Context, table, key, value string) (attribute.Item, error) {
	out, err := d.Database.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(table),
		Key: attribute.Item{key: attribute.String(value)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, cloud.Failure("read "+table, err)
	}
	return out.Item, nil
}

// keys reads from an index the keys of the items that have a value.
func (d *Desk) keys(ctx context.Context, table, index, name, value, key string) ([]string, error) {
	var found []string
	in := &dynamodb.QueryInput{TableName: aws.String(table), IndexName: aws.String(index),
		KeyConditionExpression:    aws.String("#name = :value"),
		ExpressionAttributeNames:  map[string]string{"#name": name},
		ExpressionAttributeValues: attribute.Item{":value": attribute.String(value)}}
	for {
		out, err := d.Database.Query(ctx, in)
		if err != nil {
			return nil, cloud.Failure("read the index "+index, err)
		}
		for _, item := range out.Items {
			found = append(found, attribute.Text(item, key))
		}
		if len(out.LastEvaluatedKey) == 0 {
			return found, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// unique sorts texts and drops the blank and the repeated.
func unique(texts []string) []string {
	slices.Sort(texts)
	return slices.DeleteFunc(slices.Compact(texts), func(s string) bool { return s == "" })
}

// Stories returns the stories of what is held: the lookups in order of time, then the mailboxes. A request whose lookup
// is gone has one too.
func (h Held) Stories() []Story {
	var stories []Story
	told := map[string]bool{}
	requests := slices.Concat(slices.Collect(maps.Values(h.Requests)), h.Others)
	for _, item := range h.Lookups {
		id := attribute.Text(item, "lookupId")
		told[id] = true
		stories = append(stories, LookupStory(item, h.Requests[id], requests...))
	}
	for _, id := range slices.Sorted(maps.Keys(h.Requests)) {
		if !told[id] {
			stories = append(stories, LookupStory(attribute.Item{"lookupId": attribute.String(id)}, h.Requests[id], requests...))
		}
	}
	for _, item := range h.Mailboxes {
		stories = append(stories, MailboxStory(item))
	}
	return stories
}
