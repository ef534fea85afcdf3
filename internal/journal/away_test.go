package journal_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/journal"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// testTablesAway: nothing is said to be recorded, or not to be there, by a store whose tables do not answer.
func testTablesAway(t *testing.T, w *fixture) {
	ctx, id := t.Context(), w.newID()
	away := journal.New(w.db, "away", "away", func() time.Time { return w.now })
	for name, failure := range map[string]func() error{
		"Recorded":      func() error { _, err := away.Recorded(ctx, id); return err },
		"RecordNoMatch": func() error { _, err := away.RecordNoMatch(ctx, id, noon); return err },
		"RecordSeveral": func() error { _, err := away.RecordSeveral(ctx, w.request(id, lookup.WhySeveral, "Bob")); return err },
		"RecordHelpdeskRequest": func() error {
			_, err := away.RecordHelpdeskRequest(ctx, w.request(id, lookup.WhySeveral, "Bob"))
			return err
		},
		"HelpdeskRequest": func() error { _, err := away.HelpdeskRequest(ctx, id); return err },
		"Prime":           func() error { return away.Prime(ctx) },
		"RecordMatch":     func() error { _, err := away.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com")); return err },
		"RecordDecision": func() error {
			_, err := away.RecordDecision(ctx, id, unlocking.Decision{Outcome: unlocking.NotLocked}, noon)
			return err
		},
		"RecordUnlock": func() error {
			_, err := journal.NewUnlocks(away, w.accounts).RecordUnlock(ctx, id, w.locked("7000001"), noon)
			return err
		},
		"Email":           func() error { _, _, err := away.Email(ctx, id, message.KindTRN); return err },
		"RecordEmailSent": func() error { return away.RecordEmailSent(ctx, id, message.KindTRN, noon) },
		"RecordDelivery":  func() error { return away.RecordDelivery(ctx, id, message.Delivered, noon) },
	} {
		if failure() == nil {
			t.Errorf("%s: no failure", name)
		}
	}
}

// failing is a DynamoDB of which the calls fail that have an error; another write finds an item in its way, if there is one.
type failing struct {
	journal.Client
	update error
	stops  attribute.Item
	calls  []string
}

func (f *failing) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	f.calls = append(f.calls, "put")
	if f.stops != nil {
		return nil, &types.ConditionalCheckFailedException{Item: f.stops}
	}
	return &dynamodb.PutItemOutput{}, nil
}

func (f *failing) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	f.calls = append(f.calls, "update")
	return nil, f.update
}

// TestAMatchThatIsNotRecorded: the lookup is recorded as matching nothing, and what would make it a match fails. Who took that
// for recorded would send a TRN of which nothing is known afterwards.
func TestAMatchThatIsNotRecorded(t *testing.T) {
	refused := errors.New("not allowed")
	client := &failing{update: refused, stops: attribute.Item{"outcome": attribute.String("no_match"),
		"trn": attribute.String("1000001"), "email": attribute.String("ann@example.com")}}
	w := &fixture{T: t}
	got, err := journal.New(client, "lookups", "requests", time.Now).RecordMatch(t.Context(), w.match("a", "1000001", "ann@example.com"))
	if !errors.Is(err, refused) || !got.TRN.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestOneWriteRecordsAMatch: a lookup of which nothing is recorded takes no second one.
func TestOneWriteRecordsAMatch(t *testing.T) {
	client := &failing{update: errors.New("not to be called")}
	w := &fixture{T: t}
	got, err := journal.New(client, "lookups", "requests", time.Now).RecordMatch(t.Context(), w.match("a", "1000001", "ann@example.com"))
	if err != nil || got.TRN.Digits() != "1000001" || !slices.Equal(client.calls, []string{"put"}) {
		t.Errorf("%+v, %v after %v", got, err, client.calls)
	}
}

// TestAnEmailAboutNoLookup has no place in the tables: they are not asked, and there is nothing to record.
func TestAnEmailAboutNoLookup(t *testing.T) {
	entries := journal.New(nil, "lookups", "requests", time.Now) // any call panics
	if match, sent, err := entries.Email(t.Context(), "a", message.Kind("another")); !match.TRN.IsZero() || sent || err != nil {
		t.Errorf("%+v, %t, %v", match, sent, err)
	}
	if err := entries.RecordEmailSent(t.Context(), "a", message.Kind("another"), noon); err != nil {
		t.Error(err)
	}
}

// testDamaged: an entry that cannot be read is an error, and neither an empty answer nor part of one: a lookup without its TRN
// would be sent nothing, and never again.
func testDamaged(t *testing.T, w *fixture) {
	ctx := t.Context()
	lookups := func(id string) map[string]func() error {
		return map[string]func() error{
			"Recorded": func() error { _, err := w.journal.Recorded(ctx, id); return err },
			"RecordMatch": func() error {
				_, err := w.journal.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com"))
				return err
			},
			"Email": func() error { _, _, err := w.journal.Email(ctx, id, message.KindTRN); return err },
		}
	}
	requests := func(id string) map[string]func() error {
		return map[string]func() error{
			"HelpdeskRequest": func() error { _, err := w.journal.HelpdeskRequest(ctx, id); return err },
			"RecordHelpdeskRequest": func() error {
				_, err := w.journal.RecordHelpdeskRequest(ctx, w.request(id, lookup.WhySeveral, "Bob"))
				return err
			},
		}
	}
	damage := attribute.String("damaged")
	for _, c := range []struct {
		table, name string
		to          types.AttributeValue
		calls       func(id string) map[string]func() error
		read        string // the calls that read it, in order
	}{
		{"lookups", "trn", damage, lookups, "Email RecordMatch Recorded"},
		{"lookups", "email", damage, lookups, "Email RecordMatch"},
		{"lookups", "receivedAt", damage, lookups, "Recorded"},
		{"helpdeskRequests", "requestedAt", damage, requests, "HelpdeskRequest RecordHelpdeskRequest"},
		{"helpdeskRequests", "candidateTrns", attribute.Strings([]string{"damaged"}), requests, "HelpdeskRequest RecordHelpdeskRequest"},
		{"helpdeskRequests", "details", attribute.Map(attribute.Item{"dateOfBirth": damage}), requests, "HelpdeskRequest RecordHelpdeskRequest"},
	} {
		id := w.newID()
		must[unlocking.Recorded](t)(w.journal.RecordMatch(ctx, w.match(id, "1000001", "ann@example.com")))
		must[lookup.HelpdeskRequest](t)(w.journal.RecordHelpdeskRequest(ctx, w.request(id, lookup.WhySeveral, "Bob")))
		item := w.item(c.table, id)
		item[c.name] = c.to
		localtest.Put(t, w.servers, c.table, item)
		var failed []string
		for name, call := range c.calls(id) {
			if call() != nil {
				failed = append(failed, name)
			}
		}
		slices.Sort(failed)
		if got := strings.Join(failed, " "); got != c.read {
			t.Errorf("%s of %s damaged: %s fail, want %s", c.name, c.table, got, c.read)
		}
	}
}
