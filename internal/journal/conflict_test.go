package journal_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/fault"
	"losttrn/internal/journal"
	"losttrn/internal/lookup"
)

// cancelling is a DynamoDB that cancels transactions, each with the next of several sets of reasons, and then makes them. The
// local server never reports a conflict.
type cancelling struct {
	journal.Client
	codes [][]string
	calls []time.Time
}

func (c *cancelling) TransactWriteItems(ctx context.Context, _ *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.calls = append(c.calls, time.Now())
	if len(c.codes) == 0 {
		return &dynamodb.TransactWriteItemsOutput{}, nil
	}
	cancelled := &types.TransactionCanceledException{}
	for _, code := range c.codes[0] {
		reason := types.CancellationReason{Code: aws.String(code)}
		if code == "ConditionalCheckFailed" {
			reason.Item = attribute.Item{"outcome": attribute.String("no_match")}
		}
		cancelled.CancellationReasons = append(cancelled.CancellationReasons, reason)
	}
	c.codes = c.codes[1:]
	return nil, cancelled
}

func (c *cancelling) record(ctx context.Context) (lookup.Outcome, error) {
	return journal.New(c, "lookups", "requests", time.Now).RecordSeveral(ctx, lookup.HelpdeskRequest{LookupID: "a"})
}

var conflict = []string{"None", "TransactionConflict"}

// TestCancelledTransactions: a conflict is tried again, five times at most; a failed condition is an answer, whatever else
// there is; any other reason ends as unavailable, so that the message is delivered again.
func TestCancelledTransactions(t *testing.T) {
	conflicts := func(n int) [][]string { return slices.Repeat([][]string{conflict}, n) }
	for name, test := range map[string]struct {
		codes   [][]string
		calls   int
		outcome lookup.Outcome
		err     error
	}{
		"none":                         {nil, 1, lookup.Helpdesk, nil},
		"one conflict":                 {conflicts(1), 2, lookup.Helpdesk, nil},
		"four conflicts":               {conflicts(4), 5, lookup.Helpdesk, nil},
		"five conflicts":               {conflicts(5), 5, "", fault.Throttled},
		"a condition":                  {[][]string{{"ConditionalCheckFailed", "None"}}, 1, lookup.NoMatch, nil},
		"a condition and conflict":     {[][]string{{"ConditionalCheckFailed", "TransactionConflict"}}, 1, lookup.NoMatch, nil},
		"a conflict, then a condition": {[][]string{conflict, {"ConditionalCheckFailed", "None"}}, 2, lookup.NoMatch, nil},
		"another reason":               {[][]string{{"None", "ItemCollectionSizeLimitExceeded"}}, 1, "", fault.Unavailable},
		"a conflict of the first item": {[][]string{{"TransactionConflict", "None"}}, 2, lookup.Helpdesk, nil},
		"a reason without a code":      {[][]string{{"", "TransactionConflict"}}, 2, lookup.Helpdesk, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &cancelling{codes: test.codes}
				got, err := c.record(t.Context())
				if got != test.outcome || !errors.Is(err, test.err) || len(c.calls) != test.calls {
					t.Errorf("%s, %v after %d calls, want %s, %v after %d", got, err, len(c.calls), test.outcome, test.err, test.calls)
				}
			})
		})
	}
}

// TestConflictsArePausedFor: for a random time, of a mean that doubles from 40 ms, so that two writers get out of each other's
// way. Of two hundred pauses the longest is near twice the mean, and the shortest near none.
func TestConflictsArePausedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const times = 200
		var pauses [4][]time.Duration
		for range times {
			c := &cancelling{codes: slices.Repeat([][]string{conflict}, len(pauses))}
			if _, err := c.record(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i := range pauses {
				pauses[i] = append(pauses[i], c.calls[i+1].Sub(c.calls[i]))
			}
		}
		mean := 40 * time.Millisecond
		for i, all := range pauses {
			shortest, longest := slices.Min(all), slices.Max(all)
			if longest >= 2*mean || longest < 3*mean/2 || shortest > mean/2 {
				t.Errorf("pause %d: from %s to %s, around %s", i, shortest, longest, mean)
			}
			mean *= 2
		}
	})
}

// TestAPauseEndsWithItsRequest: who is no longer waited for does not try again.
func TestAPauseEndsWithItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &cancelling{codes: slices.Repeat([][]string{conflict}, 4)}
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := make(chan error)
		go func() {
			_, err := c.record(ctx)
			cancelled <- err
		}()
		synctest.Wait() // in the first pause
		cancel()
		if err := <-cancelled; !errors.Is(err, context.Canceled) || len(c.calls) != 1 {
			t.Errorf("%v after %d calls", err, len(c.calls))
		}
	})
}
