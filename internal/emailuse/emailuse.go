// Package emailuse stores, in the `emails` table, which TRNs each email address has found, and which it found first.
//
//	attribute      type      what
//	email          S  key    the mailbox, normalised (teacher.EmailKey)
//	firstTrn       S         the TRN that it found first
//	firstUsedAt    S         when
//	firstLookupId  S         by which lookup
//	trns           M         TRN → when the email first found it; the first 200
//	trnsFull       BOOL      there were more than 200: the `lookups` table has the rest
//	lastUsedAt     S         when it last found any
//	asTyped        S         the address as it was first typed, for writing to the person
//	lifted         L of M    when (at), by whom (by) and why (note) the helpdesk lifted the record: what was found up to
//	                         then is no other TRN. A TRN that is found again since has the time of that.
//
// Times are RFC 3339 in UTC with milliseconds. Entries are kept for ever: an email that has found two people's
// TRNs never unlocks again, unless the helpdesk lifts its record.
package emailuse

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// MaxTRNs is how many TRNs are kept of one email. The rule is decided by the second.
const MaxTRNs = 200

// Client are the calls of DynamoDB that the store makes.
type Client interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
}

// Store is the `emails` table.
type Store struct {
	client Client
	table  string
}

// NewStore returns the store in the table of that name.
func NewStore(client Client, table string) *Store { return &Store{client, table} }

// maxRaces bounds how often a claim is tried again after a concurrent claim changed the entry.
const maxRaces = 10

// Claim records that an email found a TRN, and returns every TRN recorded for it since the helpdesk last lifted its
// record. It is idempotent. The first claim of an email writes on condition that there is no entry; a further one
// writes on condition that the entry is as it was read. So of two concurrent claims at least one sees the other.
func (s *Store) Claim(ctx context.Context, email teacher.Email, trn teacher.TRN, lookupID string, at time.Time) ([]teacher.TRN, error) {
	entry, err := s.claimFirst(ctx, email, trn, lookupID, at)
	for range maxRaces {
		if err != nil {
			return nil, err
		}
		write := s.addition(entry, email.Key(), trn, at)
		if write == nil {
			return claimed(entry, trn), nil
		}
		if _, err = s.client.UpdateItem(ctx, write); err == nil {
			return claimed(entry, trn), nil
		}
		entry, err = cloud.StoppingItem("write email", err)
	}
	return nil, fault.New(fault.Unavailable, "email_keeps_changing")
}

// claimFirst writes the entry of an email that has none, and returns the existing entry if there is one.
func (s *Store) claimFirst(ctx context.Context, email teacher.Email, trn teacher.TRN, lookupID string, at time.Time) (attribute.Item, error) {
	entry := attribute.Item{
		"email":         attribute.String(email.Key().Text()),
		"firstTrn":      attribute.String(trn.Digits()),
		"firstUsedAt":   attribute.Time(at),
		"firstLookupId": attribute.String(lookupID),
		"trns":          attribute.Map(attribute.Item{trn.Digits(): attribute.Time(at)}),
		"lastUsedAt":    attribute.Time(at),
		"asTyped":       attribute.String(email.Typed()),
	}
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           aws.String(s.table),
		Item:                                entry,
		ConditionExpression:                 aws.String("attribute_not_exists(#email)"),
		ExpressionAttributeNames:            map[string]string{"#email": "email"},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err != nil {
		return cloud.StoppingItem("write email", err)
	}
	return entry, nil
}

// addition returns the write that a claim needs on top of an entry, nil if it would change nothing. A full entry takes
// no further TRN, unless its oldest was found before the record was lifted.
func (s *Store) addition(entry attribute.Item, key teacher.EmailKey, trn teacher.TRN, at time.Time) *dynamodb.UpdateItemInput {
	trns := attribute.Nested(entry, "trns")
	_, known := trns[trn.Digits()]
	last := attribute.Text(entry, "lastUsedAt")
	later := at.UTC().Format(message.TimeFormat) > last

	// What is compared is what every claim changes: the number of TRNs and the last use.
	update, condition := "SET ", "#last = :last AND size(#trns) = :count"
	names := map[string]string{"#last": "lastUsedAt", "#trns": "trns"}
	values := attribute.Item{":last": attribute.String(last), ":count": attribute.Number(int64(len(trns)))}
	full := false
	lift := liftedAt(entry)
	if lift != "" { // the times of the TRNs count too
		condition, values[":asRead"] = "#last = :last AND #trns = :asRead", attribute.Map(trns)
		delete(values, ":count")
	}
	keep, remove := false, ""
	switch {
	case known:
		// If it counts no more it counts again, unless this claim is older than the lift.
		keep = attribute.Text(trns, trn.Digits()) <= lift && at.UTC().Format(message.TimeFormat) > lift
	case len(trns) < MaxTRNs:
		keep = true
	default:
		full = !attribute.Flag(entry, "trnsFull")
		if oldest := oldestTRN(trns); attribute.Text(trns, oldest) <= lift { // it counts no more, and the new one does
			keep, remove, names["#old"] = true, " REMOVE #trns.#old", oldest
		}
	}
	if keep {
		update += "#trns.#trn = :at, "
		names["#trn"] = trn.Digits()
		values[":at"] = attribute.Time(at)
	}
	if full {
		update += "#full = :full, "
		names["#full"] = "trnsFull"
		values[":full"] = attribute.Bool(true)
	}
	if later {
		update += "#last = :at, "
		values[":at"] = attribute.Time(at)
	}
	if update == "SET " {
		return nil
	}
	return &dynamodb.UpdateItemInput{
		TableName:                           aws.String(s.table),
		Key:                                 attribute.Item{"email": attribute.String(key.Text())},
		UpdateExpression:                    aws.String(update[:len(update)-2] + remove),
		ConditionExpression:                 aws.String(condition),
		ExpressionAttributeNames:            names,
		ExpressionAttributeValues:           values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
}

// claimed returns the TRNs that an entry found since its record was lifted, with the one that is being claimed.
func claimed(entry attribute.Item, trn teacher.TRN) []teacher.TRN {
	trns, lift := []teacher.TRN{trn}, liftedAt(entry)
	found := attribute.Nested(entry, "trns")
	for digits := range found {
		if at := attribute.Text(found, digits); at != "" && at <= lift {
			continue
		}
		if other, err := teacher.ParseTRN(digits); err == nil && other != trn {
			trns = append(trns, other)
		}
	}
	return trns
}

// liftedAt returns when the helpdesk last lifted the record of an email, "" if it never did.
func liftedAt(entry attribute.Item) string {
	last := ""
	for _, lift := range attribute.Maps(entry, "lifted") {
		last = max(last, attribute.Text(lift, "at"))
	}
	return last
}

// oldestTRN returns the TRN that was found first.
func oldestTRN(trns attribute.Item) string {
	oldest := ""
	for digits := range trns {
		if oldest == "" || attribute.Text(trns, digits) < attribute.Text(trns, oldest) {
			oldest = digits
		}
	}
	return oldest
}
