// Package floor makes the AWS calls of a lookup, or of an unlock, with the SDK's clients and does nothing else: no rule, no
// page, no check. It is what both functions are measured against.
package floor

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"
)

type (
	item   = map[string]types.AttributeValue
	text   = types.AttributeValueMemberS
	number = types.AttributeValueMemberN
)

// Event is one lookup or unlock to be made: whose, and what is new in each.
type Event struct {
	Do             string // lookup or unlock
	ID, TRN, Email string
	NINO, Born     string
	Counted, Tried []string // entries of the table of limits that count, and that are read
	Body           string   // what is sent, of the size that the function sends
}

// Calls are the clients, and the names of tables and addresses of queues by the functions' variables.
type Calls struct {
	DB     *dynamodb.Client
	Queues *sqs.Client
	Names  func(variable string) string
}

// Make makes the calls of an event.
func (c Calls) Make(ctx context.Context, e Event) error {
	if e.Do == "unlock" {
		return c.unlock(ctx, e)
	}
	return c.lookup(ctx, e)
}

// entries is how many entries of what was tried the lookup function reads when it primes. `make bench` checks it.
const entries = 4

// Prime makes reads of a lookup for nobody, and four more, as many at once as a lookup of the form makes calls of DynamoDB. The entries
// of what was tried are read once the secret is. A read that fails does not end the others, as it does not in the lookup function.
func (c Calls) Prime(ctx context.Context, secret func(context.Context) error) error {
	reads := &errgroup.Group{}
	c.candidates(ctx, reads, Event{NINO: "QQ000000", Born: "1900-01-01"}, 0)
	reads.Go(func() error {
		if err := secret(ctx); err != nil {
			return err
		}
		tried := make([]string, entries)
		for i := range tried {
			tried[i] = fmt.Sprintf("nothing %d", i)
		}
		return c.tried(ctx, tried)
	})
	for range 4 {
		reads.Go(func() error { return c.PrimeOne(ctx) })
	}
	return reads.Wait()
}

// PrimeOne reads a lookup that there is not.
func (c Calls) PrimeOne(ctx context.Context) error {
	_, err := c.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: c.table("LOOKUPS"), Key: item{"lookupId": &text{Value: "prime"}}})
	return err
}

func (c Calls) table(name string) *string { return aws.String(c.Names(name + "_TABLE")) }

// lookup reads candidates by NINO, email and date of birth beside the limits' two counts and the entries of what was tried, and sends
// the match.
func (c Calls) lookup(ctx context.Context, e Event) error {
	reads, side := errgroup.WithContext(ctx)
	c.candidates(side, reads, e, 1)
	for _, entry := range e.Counted {
		reads.Go(func() error {
			_, err := c.DB.UpdateItem(side, &dynamodb.UpdateItemInput{TableName: c.table("LIMITS"), Key: item{"entry": &text{Value: entry}},
				UpdateExpression:          aws.String("ADD #count :one SET #expiresAt = :expiresAt"),
				ConditionExpression:       aws.String("attribute_not_exists(#count) OR #count < :most"),
				ExpressionAttributeNames:  map[string]string{"#count": "count", "#expiresAt": "expiresAt"},
				ExpressionAttributeValues: item{":one": &number{Value: "1"}, ":most": &number{Value: "1000000"}, ":expiresAt": &number{Value: "4102444800"}}})
			return err
		})
	}
	if len(e.Tried) > 0 {
		reads.Go(func() error { return c.tried(side, e.Tried) })
	}
	if err := reads.Wait(); err != nil {
		return err
	}
	return c.send(ctx, "MATCHES_QUEUE_URL", e, "match")
}

// candidates reads the records of an event by three indexes; each gives as many as it must.
func (c Calls) candidates(ctx context.Context, reads *errgroup.Group, e Event, want int) {
	for index, key := range map[string][2]string{"byNationalInsuranceNumber": {"ninoKey", e.NINO},
		"byEmail": {"emailKey", e.Email}, "byDateOfBirth": {"dateOfBirth", e.Born}} {
		if key[1] == "" {
			continue
		}
		reads.Go(func() error {
			out, err := c.DB.Query(ctx, &dynamodb.QueryInput{TableName: c.table("TEACHERS"), IndexName: &index,
				KeyConditionExpression: aws.String("#key = :value"), ExpressionAttributeNames: map[string]string{"#key": key[0]},
				ExpressionAttributeValues: item{":value": &text{Value: key[1]}}})
			if err == nil && len(out.Items) != want {
				return fmt.Errorf("%d records by %s", len(out.Items), index)
			}
			return err
		})
	}
}

func (c Calls) tried(ctx context.Context, entries []string) error {
	var keys []item
	for _, entry := range entries {
		keys = append(keys, item{"entry": &text{Value: entry}})
	}
	_, err := c.DB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		c.Names("LIMITS_TABLE"): {Keys: keys, ConsistentRead: aws.Bool(true)}}})
	return err
}

func (c Calls) send(ctx context.Context, queue string, e Event, kind string) error {
	_, err := c.Queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(c.Names(queue)), MessageBody: &e.Body,
		MessageGroupId: &e.ID, MessageDeduplicationId: aws.String(e.ID + kind)})
	return err
}

// unlock records the match, queues the TRN, claims the email, reads the account, writes the unlock and its decision in
// one transaction, and queues the second email.
func (c Calls) unlock(ctx context.Context, e Event) error {
	now := &text{Value: time.Now().UTC().Format(time.RFC3339)}
	_, err := c.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: c.table("LOOKUPS"), ConditionExpression: aws.String("attribute_not_exists(#id)"),
		ExpressionAttributeNames: map[string]string{"#id": "lookupId"}, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		Item: item{"lookupId": &text{Value: e.ID}, "receivedAt": now, "outcome": &text{Value: "trn_sent"}, "trn": &text{Value: e.TRN},
			"email": &text{Value: e.Email}, "emailKey": &text{Value: e.Email}, "name": &text{Value: e.Email}, "expiresAt": &number{Value: "4102444800"}}})
	if err != nil {
		return err
	}
	if err := c.send(ctx, "EMAILS_QUEUE_URL", e, "trn"); err != nil {
		return err
	}
	if _, err := c.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: c.table("EMAILS"), ConditionExpression: aws.String("attribute_not_exists(#email)"),
		ExpressionAttributeNames: map[string]string{"#email": "email"}, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		Item: item{"email": &text{Value: e.Email}, "firstTrn": &text{Value: e.TRN}, "firstUsedAt": now, "firstLookupId": &text{Value: e.ID},
			"trns": &types.AttributeValueMemberM{Value: item{e.TRN: now}}, "lastUsedAt": now, "asTyped": &text{Value: e.Email}}}); err != nil {
		return err
	}
	account, err := c.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: c.table("TEACHERS"), Key: item{"trn": &text{Value: e.TRN}}, ConsistentRead: aws.Bool(true),
		ProjectionExpression:     aws.String("#locked, #status, #alerts"),
		ExpressionAttributeNames: map[string]string{"#locked": "locked", "#status": "status", "#alerts": "alerts"}})
	if err != nil {
		return err
	}
	if len(account.Item) == 0 {
		return fmt.Errorf("no account %s", e.ID)
	}
	_, err = c.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Update: &types.Update{TableName: c.table("LOOKUPS"), Key: item{"lookupId": &text{Value: e.ID}},
			UpdateExpression:          aws.String("SET #outcome = :outcome, #at = :at"),
			ConditionExpression:       aws.String("attribute_exists(#id) AND attribute_not_exists(#outcome)"),
			ExpressionAttributeNames:  map[string]string{"#id": "lookupId", "#outcome": "unlockOutcome", "#at": "decidedAt"},
			ExpressionAttributeValues: item{":outcome": &text{Value: "unlocked"}, ":at": now}}},
		{Update: &types.Update{TableName: c.table("TEACHERS"), Key: item{"trn": &text{Value: e.TRN}},
			UpdateExpression:         aws.String("SET #locked = :false, #at = :at, #by = :by"),
			ConditionExpression:      aws.String("#locked = :true"),
			ExpressionAttributeNames: map[string]string{"#locked": "locked", "#at": "unlockedAt", "#by": "unlockedBy"},
			ExpressionAttributeValues: item{":false": &types.AttributeValueMemberBOOL{Value: false}, ":true": &types.AttributeValueMemberBOOL{Value: true},
				":at": now, ":by": &text{Value: e.ID}}}},
	}})
	if err != nil {
		return err
	}
	return c.send(ctx, "EMAILS_QUEUE_URL", e, "unlocked")
}
