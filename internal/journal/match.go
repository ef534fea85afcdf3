package journal

import (
	"context"
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
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// Unlocker returns the write that unlocks an account as it was read, to be made part of a transaction.
type Unlocker[S unlocking.Snapshot] interface {
	Unlock(account S, lookupID string, at time.Time) types.TransactWriteItem
}

// Unlocks is the store of a function that also unlocks accounts.
type Unlocks[S unlocking.Snapshot] struct {
	*Store
	accounts Unlocker[S]
}

// NewUnlocks returns a store that writes the unlocks of those accounts with the decisions.
func NewUnlocks[S unlocking.Snapshot](entries *Store, accounts Unlocker[S]) *Unlocks[S] {
	return &Unlocks[S]{entries, accounts}
}

// RecordMatch records a match unless one is recorded under its lookup id, and returns what is recorded. A lookup
// recorded as matching nothing, which a repeat made while the register changed can leave, becomes a match: its
// person was told that the TRN is on its way.
func (s *Store) RecordMatch(ctx context.Context, match message.Match) (unlocking.Recorded, error) {
	item := lookupItem(match.LookupID, lookup.TRNSent, match.MatchedAt)
	item["trn"] = attribute.String(match.TRN.Digits())
	item["email"] = attribute.String(match.Email.Typed())
	item["emailKey"] = attribute.String(match.Email.Key().Text())
	item["evidence"] = attribute.Strings(match.Evidence)
	item["name"] = attribute.String(match.Name)
	old, err := s.putNew(ctx, "put match", s.lookups, item)
	if err != nil {
		return unlocking.Recorded{}, err
	}
	if old == nil {
		return unlocking.Recorded{TRN: match.TRN, Email: match.Email, Evidence: match.Evidence}, nil
	}
	if outcomeOf(old) != lookup.TRNSent {
		if old, err = s.upgrade(ctx, item); err != nil {
			return unlocking.Recorded{}, err
		}
	}
	return recordedOf(old)
}

// upgrade turns a lookup that was recorded with another outcome into a match, and returns the entry as it then is.
func (s *Store) upgrade(ctx context.Context, match attribute.Item) (attribute.Item, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.lookups),
		Key:       attribute.Item{"lookupId": match["lookupId"]},
		UpdateExpression: aws.String("SET #outcome = :outcome, #receivedAt = :receivedAt, #trn = :trn, " +
			"#email = :email, #emailKey = :emailKey, #evidence = :evidence, #name = :name, #expiresAt = :expiresAt"),
		ConditionExpression: aws.String("#outcome <> :outcome"),
		ExpressionAttributeNames: map[string]string{"#outcome": "outcome", "#receivedAt": "receivedAt",
			"#trn": "trn", "#email": "email", "#emailKey": "emailKey", "#evidence": "evidence", "#name": "name", "#expiresAt": "expiresAt"},
		ExpressionAttributeValues: attribute.Item{":outcome": match["outcome"], ":receivedAt": match["receivedAt"],
			":trn": match["trn"], ":email": match["email"], ":emailKey": match["emailKey"], ":evidence": match["evidence"], ":name": match["name"], ":expiresAt": match["expiresAt"]},
		ReturnValues:                        types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err != nil {
		return cloud.StoppingItem("upgrade lookup", err)
	}
	return out.Attributes, nil
}

func recordedOf(item attribute.Item) (unlocking.Recorded, error) {
	trn, err := teacher.ParseTRN(attribute.Text(item, "trn"))
	if err != nil {
		return unlocking.Recorded{}, fmt.Errorf("recorded match: trn: %w", err)
	}
	email, err := teacher.ParseEmail(attribute.Text(item, "email"))
	if err != nil {
		return unlocking.Recorded{}, fmt.Errorf("recorded match: email: %w", err)
	}
	return unlocking.Recorded{TRN: trn, Email: email, Evidence: attribute.Texts(item, "evidence"), Decision: decisionOf(item)}, nil
}

func decisionOf(item attribute.Item) unlocking.Decision {
	d := unlocking.Decision{Outcome: unlocking.Outcome(attribute.Text(item, "unlockOutcome"))}
	for _, reason := range attribute.Texts(item, "unlockReasons") {
		d.Reasons = append(d.Reasons, unlocking.Reason(reason))
	}
	return d
}

// The write of a decision, on condition that the lookup is recorded and undecided.
const (
	decide    = "SET #unlockOutcome = :unlockOutcome, #unlockReasons = :unlockReasons, #decidedAt = :decidedAt"
	undecided = "attribute_exists(#lookupId) AND attribute_not_exists(#unlockOutcome)"
)

var decideNames = map[string]string{"#lookupId": "lookupId", "#unlockOutcome": "unlockOutcome",
	"#unlockReasons": "unlockReasons", "#decidedAt": "decidedAt"}

func decideValues(d unlocking.Decision, at time.Time) attribute.Item {
	return attribute.Item{
		":unlockOutcome": attribute.String(string(d.Outcome)),
		":unlockReasons": attribute.Strings(d.Reasons),
		":decidedAt":     attribute.Time(at),
	}
}

// RecordDecision records a decision that changes no account, unless one is recorded; it returns the recorded one.
func (s *Store) RecordDecision(ctx context.Context, lookupID string, d unlocking.Decision, at time.Time) (unlocking.Decision, error) {
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                           aws.String(s.lookups),
		Key:                                 key(lookupID),
		UpdateExpression:                    aws.String(decide),
		ConditionExpression:                 aws.String(undecided),
		ExpressionAttributeNames:            decideNames,
		ExpressionAttributeValues:           decideValues(d, at),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err == nil {
		return d, nil
	}
	recorded, err := cloud.StoppingItem("record decision", err)
	if err != nil {
		return unlocking.Decision{}, err
	}
	return decisionOf(recorded), nil
}

// RecordUnlock unlocks the account and records the decision "unlocked" in one transaction, on condition that the
// account is as in the snapshot and no decision is recorded. It returns the recorded decision, which is an earlier one
// if there was one. It fails with unlocking.ErrAccountChanged if the account has changed.
func (s *Unlocks[S]) RecordUnlock(ctx context.Context, lookupID string, account S, at time.Time) (unlocking.Decision, error) {
	d := unlocking.Decision{Outcome: unlocking.Unlocked}
	reasons, err := s.transact(ctx, "unlock",
		types.TransactWriteItem{Update: &types.Update{
			TableName:                           aws.String(s.lookups),
			Key:                                 key(lookupID),
			UpdateExpression:                    aws.String(decide),
			ConditionExpression:                 aws.String(undecided),
			ExpressionAttributeNames:            decideNames,
			ExpressionAttributeValues:           decideValues(d, at),
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		s.accounts.Unlock(account, lookupID, at))
	if err != nil {
		return unlocking.Decision{}, err
	}
	if reasons == nil {
		return d, nil
	}
	// A recorded decision stands, whatever became of the account since: it may be this very one, whose
	// acknowledgement was lost.
	if d := decisionOf(reasons[0].Item); !d.IsZero() {
		return d, nil
	}
	if aws.ToString(reasons[0].Code) == "ConditionalCheckFailed" {
		return unlocking.Decision{}, fmt.Errorf("unlock: the lookup is not recorded: %w", fault.Unavailable)
	}
	return unlocking.Decision{}, unlocking.ErrAccountChanged
}
