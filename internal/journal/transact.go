package journal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
)

// A transaction that conflicts with another write of the same item is cancelled, and the SDK does not retry it.
const (
	conflictAttempts = 5
	conflictPause    = 40 * time.Millisecond // on average, doubled each time
)

// transact makes a transaction. If conditions failed, it returns the reasons, one for each item; no reasons mean
// success. A transaction that keeps conflicting with other writes is fault.Throttled.
func (s *Store) transact(ctx context.Context, doing string, items ...types.TransactWriteItem) ([]types.CancellationReason, error) {
	for attempt := 0; ; attempt++ {
		_, err := s.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			return nil, cloud.Failure(doing, err) // nil if there was none
		}
		switch stop := whatStopped(cancelled.CancellationReasons); {
		case stop == "ConditionalCheckFailed":
			return cancelled.CancellationReasons, nil
		case stop != "TransactionConflict":
			return nil, fmt.Errorf("%s: %w: %w", doing, fault.Unavailable, err)
		case attempt == conflictAttempts-1:
			return nil, fmt.Errorf("%s: %w: %w", doing, fault.Throttled, err)
		}
		pause(ctx, conflictPause<<attempt)
	}
}

// whatStopped returns the most telling code: a failed condition before any conflict, because it fails again in a retry.
func whatStopped(reasons []types.CancellationReason) string {
	stop := ""
	for _, reason := range reasons {
		switch code := aws.ToString(reason.Code); code {
		case "", "None":
		case "ConditionalCheckFailed":
			return code
		default:
			stop = code
		}
	}
	return stop
}

// pause waits for a random time, up to twice the mean, so that two writers that conflicted do not conflict again. It ends
// with its context, with which the next attempt fails.
func pause(ctx context.Context, mean time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(2 * mean)):
	}
}
